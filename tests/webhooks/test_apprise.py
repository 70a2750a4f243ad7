"""Messages through Apprise: what its process may reach, read and keep, and how it ends."""

import asyncio
import ipaddress
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from app.config import child_environ
from app.errors import FeelbackError
from app.webhooks import apprise_request
from app.webhooks.apprise_request import check_url, post
from app.webhooks.problems import PROBLEMS
from app.webhooks.request import STORED_BYTES
from tests.support.forbidden_addresses import ANSWERS, HOSTS
from tests.support.webhook_receiver import Receiver, answer, listening

HERE = (ipaddress.ip_network("127.0.0.1/32"),)
ELSEWHERE = (ipaddress.ip_network("10.99.0.0/16"),)
SECRET = "tk_veryprivate"


def url_of(receiver: Receiver, schema: str = "json", host: str = "127.0.0.1", path: str = SECRET) -> str:
    return f"{schema}://{host}:{receiver.url.split(':')[2].split('/')[0]}/{path}"


async def test_a_message_is_sent_where_the_operator_allows_it() -> None:
    async with listening() as receiver:
        receiver.answers = [answer("200 OK", body="taken")]
        result = await post(url_of(receiver, "ntfy"), "Title", "Words", HERE)
        assert (result.problem, result.status, result.text) == (None, 200, None)
        result = await post(url_of(receiver), "Title", "Words", HERE)
        assert (result.problem, [SECRET in each.line for each in receiver.received]) == (None, [False, True])
        assert json.loads(receiver.received[1].body)["message"] == "Words"
        result = await post(url_of(receiver), "Title", "Words", ())
        assert (result.problem, len(receiver.received)) == ("forbidden", 2)


async def battery(**task: Any) -> dict[str, Any]:
    """What tests/support/apprise_battery.py writes."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-P", str(Path(__file__).parents[1] / "support" / "apprise_battery.py"),
        env=child_environ(), stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    output, _ = await process.communicate(json.dumps(task).encode())
    results: dict[str, Any] = json.loads(output)
    return results


async def test_no_name_and_no_spelling_leads_to_a_forbidden_address() -> None:
    schemas = ["json", "jsons", "xml", "form", "gotify", "rocket", "kodi"]
    others = ["mailto", "mailtos", "irc", "ircs"]
    async with listening(host="0.0.0.0") as receiver:
        port = int(receiver.url.split(":")[2].split("/")[0])
        results = await battery(answers=ANSWERS, hosts=HOSTS, schemas=[*schemas, *others], port=port)
        assert receiver.received == []
    # Of several addresses a library tries the public ones as well.
    assert {each for each in results.pop("connections") if not ipaddress.ip_address(each).is_global} == set()
    assert len(results) == (len(ANSWERS) + len(HOSTS)) * len([*schemas, *others])
    assert None not in results.values()
    one = [name for name, addresses in ANSWERS.items() if len(addresses) == 1]
    wrong = {each: results[each] for each in (f"{s} {n}" for s in schemas for n in one) if results[each] != "forbidden"}
    assert wrong == {}
    assert {results[f"{schema} {name}"] for schema in others for name in one} == {"not_http"}


async def test_no_redirect_is_followed() -> None:
    async with listening() as receiver, listening() as target:
        receiver.answers = [answer("302 Found", f"Location: {target.url}\r\n")]
        result = await post(url_of(receiver) + "?redirect=yes", "Title", "Words", HERE)
        assert (result.problem, result.status, target.received) == ("redirect", 302, [])


@pytest.mark.parametrize(
    ("line", "problem"),
    [("410 Gone", "gone"), ("404 Not Found", "client_error"), ("503 Unavailable", "server_error")],
)
async def test_statuses_have_the_words_of_other_destinations(line: str, problem: str) -> None:
    async with listening() as receiver:
        receiver.answers = [answer(line, "Retry-After: 7\r\n", "é" * 5000)]
        result = await post(url_of(receiver), "Title", "Words", HERE)
    assert (result.problem, result.status, result.retry_after) == (problem, int(line[:3]), 7.0)
    assert len((result.text or "").encode()) <= STORED_BYTES
    assert SECRET not in repr(result)


async def test_a_service_that_hangs_is_given_up_and_its_process_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    processes: list[Any] = []
    start = asyncio.create_subprocess_exec

    async def recorded(*command: Any, **more: Any) -> Any:
        processes.append(await start(*command, **more))
        return processes[-1]

    monkeypatch.setattr(asyncio, "create_subprocess_exec", recorded)
    monkeypatch.setenv("SECRET_KEY", "s" * 40)
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9/")
    async with listening() as receiver:
        receiver.answers, receiver.drip, receiver.pause = [b""], 1, 600
        task = asyncio.create_task(post(url_of(receiver), "Title", "Words", HERE, seconds=1.5))
        await receiver.arrival.wait()  # without the proxy
        at = Path("/proc") / str(processes[0].pid)
        texts = (at / "cmdline").read_bytes() + (at / "environ").read_bytes()
        assert b"app.webhooks.apprise_process" in texts
        assert not [word for word in (SECRET, "s" * 40, "HTTP_PROXY") if word.encode() in texts]
        result = await task
    assert (result.problem, result.status, processes[0].returncode) == ("timeout", None, -9)


async def test_a_body_without_end_is_read_in_part() -> None:
    async with listening() as receiver:
        receiver.answers, receiver.drip = [b"HTTP/1.1 500 No\r\n\r\n"], 1_000_000
        result = await post(url_of(receiver), "Title", "Words", HERE)
    assert (result.problem, result.status, len(result.text or "")) == ("server_error", 500, STORED_BYTES)


@pytest.mark.parametrize(
    "url",
    ["fcm://project/token?keyfile=/etc/passwd", "json://127.0.0.1/?attach=/etc/passwd", "syslog://", "macosx://",
     "dbus://", "windows://", "rsyslog://127.0.0.1/", "smpp://u:p@127.0.0.1/1/2", "file:///etc/passwd", "nonsense://x",
     "mailto://", "://", ""],
)  # fmt: skip
async def test_files_and_programs_of_the_server_are_out_of_reach(url: str) -> None:
    result = await post(url, "Title", "Words", ELSEWHERE)
    assert result.problem in ("local", "url", "forbidden", "not_http", "service"), url
    assert (result.status, result.text) == (None, None)
    assert PROBLEMS[result.problem].text


async def test_a_process_that_ends_early_is_a_failed_attempt(monkeypatch: pytest.MonkeyPatch) -> None:
    for program in ("pass", "print('ready')", "print('ready'); print('[')", "print('x' * 200_000)"):
        monkeypatch.setattr(apprise_request, "COMMAND", [sys.executable, "-c", program])
        assert (await post("json://127.0.0.1/", "Title", "Words", HERE)).problem == "service", program


def test_a_url_is_checked_before_it_is_stored(monkeypatch: pytest.MonkeyPatch) -> None:
    check_url("ntfy://topic")
    for url in (
        "",
        "ntfy",
        "syslog://",
        "GNOME://",
        "mailto://user:secret@example.com",
        "irc://irc.example.com/room",
        "mqtts://mqtt.example.com/topic",
        "file:///etc/passwd",
        "ntfy://a b",
        "json://" + "x" * 1000,
        "a\n://b",
    ):
        with pytest.raises(FeelbackError) as error:
            check_url(url)
        assert error.value.status == 422
        assert len(url) < 5 or url not in error.value.message
    monkeypatch.setattr(apprise_request, "is_installed", lambda: False)
    with pytest.raises(FeelbackError, match="not installed"):
        check_url("ntfy://topic")
