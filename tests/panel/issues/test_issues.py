"""Issues of messages at each forge: connected, opened once, retried, and shown at the message."""

import dataclasses
import html
import re
import uuid
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import asyncpg
import pytest

from app.config import Settings
from app.webhooks import issue_text, request
from app.webhooks.forges import Client, RemoteIssue, retry_after
from tests.support.browser import Browser
from tests.support.drive_inbox import PAGE, ids, post
from tests.support.fake_forges import TOKEN, Forge
from tests.support.issues import AT, FORM, connect, due, open_issue, work

Pool = asyncpg.Pool
WORDS = (
    "Ask @ann, see #12 and !3.\n<img src=x> ![a](https://evil.example) ```\n/close\n\u202eGH-4 [x](y) www.evil.example"
)

# The newest message on such a page; the newest of all is on another one at some hours of the day.
IN_DOCUMENTATION = """
    select f.id from response as f join placement as c on c.account_id = f.account_id and c.id = f.placement_id
    where (f.body is not null or f.fields is not null) and c.key like '%/docs/%' order by f.id desc limit 1
"""


async def test_an_issue_is_opened_once_and_shown(
    owner: Browser, pool: "Pool[asyncpg.Record]", settings: Settings, forge: Forge
) -> None:
    id = str(await pool.fetchval(IN_DOCUMENTATION))  # which the rule for addresses to edit is for
    await pool.execute(
        "update response set body = $2, fields = null, contact = 'ada@example.com' where id = $1", uuid.UUID(id), WORDS
    )
    await owner.get(f"{PAGE}/{id}")
    assert "Open issue" not in owner.text
    await open_issue(owner, id, 409)
    await connect(owner, forge, edit_rule="https://git.example/edit/main/{path}.md")
    secret = re.search(r"Secret: <code[^>]*>(\w{48})</code>", owner.raw)
    assert secret
    await owner.get(AT)
    assert secret[1] not in owner.raw  # shown once
    assert TOKEN not in owner.raw
    stored = await pool.fetchrow("select token, hook_secret from tracker")
    assert stored
    assert TOKEN.encode() not in stored["token"]
    await owner.get(f"{PAGE}/{id}")
    await open_issue(owner, id)
    assert "Opening an issue at" in owner.text
    await open_issue(owner, id)
    assert await work(pool, settings) == ["open"]
    assert await work(pool, settings) == []
    (issue,) = forge.issues
    _, link, text = forge.names
    assert issue["labels"] == {"github": ["bug", "feedback"], "gitlab": "bug,feedback", "forgejo": [3, 7]}[forge.type]
    assert issue_text.marker(uuid.UUID(id)) in issue[text]
    assert f"/projects/demo/inbox/{id}>" in issue[text]
    assert "Edit: <https://git.example/edit/main/docs/" in issue[text]
    assert "ada@example.com" not in issue[text]
    block = issue[text].partition("````text\n")[2].partition("\n````")[0]
    assert "Ask @\u200bann, see #\u200b12 and !\u200b3." in block
    assert "<\u200bimg src=x> ![a](https:\u200b//evil.example)" in block
    assert "\u202e" not in issue[text] + issue["title"]
    assert "@ann" not in issue["title"]
    await owner.get(f"{PAGE}/{id}")
    assert f'<a href="{html.escape(issue[link])}"' in owner.raw
    assert re.search(r"#1</a>\s*<span[^>]*>Open<", owner.raw)
    assert "Open issue" not in owner.text.partition('id="issue"')[2]
    entry = await pool.fetchrow("select what, details from audit where what = 'issue.created'")
    assert tuple(entry) == ("issue.created", '{"repository": "acorn/docs"}')


async def test_an_attempt_whose_answer_was_lost_opens_no_second_issue(
    owner: Browser, pool: "Pool[asyncpg.Record]", settings: Settings, forge: Forge
) -> None:
    (id,) = await ids(pool, 1)
    await connect(owner, forge, labels="")
    for n in range(60):  # more than a page
        forge.add(f"Of others {n}", "text")
    await owner.get(f"{PAGE}/{id}")
    await open_issue(owner, id)
    forge.answers = [(0, {}), (0, {}), (0, {}), None]
    assert await work(pool, settings) == ["waiting"]
    assert len(forge.issues) == 61
    await owner.get(f"{PAGE}/{id}")
    assert "The last attempt failed, and it is tried again" in owner.text
    await due(pool)
    assert await work(pool, settings) == ["open"]
    assert len(forge.issues) == 61
    assert await pool.fetchval("select number from issue") == "61"
    # A disconnected project that is connected again finds it, too.
    await owner.post(f"{AT}/delete", {})
    await connect(owner, forge, labels="")
    await owner.get(f"{PAGE}/{id}")
    await open_issue(owner, id)
    assert await work(pool, settings) == ["open"]
    assert len(forge.issues) == 61


@pytest.mark.parametrize(
    ("status", "headers", "seconds"),
    [
        (429, {"Retry-After": "600"}, 600),
        (403, {"Retry-After": "60"}, 60),
        (403, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "{in_900}"}, 900),
        (429, {"RateLimit-Remaining": "0", "RateLimit-Reset": "{in_900}"}, 900),
        (429, {}, 60),
        (403, {}, 60),
        (503, {}, 15),
    ],
)
async def test_limits_of_the_forge_are_obeyed(
    owner: Browser, pool: "Pool[asyncpg.Record]", settings: Settings, forge: Forge, status: int,
    headers: dict[str, str], seconds: int,
) -> None:  # fmt: skip
    one, two = await ids(pool, 2)
    await connect(owner, forge)
    for id in (one, two):
        await owner.get(f"{PAGE}/{id}")
        await open_issue(owner, id)
    now = await pool.fetchval("select now()")
    reset = str(int((now + timedelta(seconds=900)).timestamp()))
    forge.answers = [(status, {name: text.replace("{in_900}", reset) for name, text in headers.items()})]
    forge.message = "You have exceeded a secondary rate limit."  # which is all that GitHub may say
    outcomes = await work(pool, settings)
    # After an answer that asks to wait nothing else is asked either.
    assert outcomes == (["waiting"] if status != 503 else ["waiting", "open"])
    next_at = await pool.fetchval("select max(next_at) from issue where problem is not null")
    assert next_at >= now + timedelta(seconds=seconds - 2)
    await due(pool)
    assert set(await work(pool, settings)) == {"open"}
    assert len(forge.issues) == 2


async def test_a_revoked_token_is_shown_and_not_tried_again(
    owner: Browser, pool: "Pool[asyncpg.Record]", settings: Settings, forge: Forge
) -> None:
    one, two = await ids(pool, 2)
    await connect(owner, forge)
    for id in (one, two):
        await owner.get(f"{PAGE}/{id}")
        await open_issue(owner, id)
    forge.tokens = {"another"}
    assert await work(pool, settings) == ["failed"]
    requests = len(forge.requests)
    await due(pool)
    assert await work(pool, settings) == []
    assert len(forge.requests) == requests == 1
    await owner.get(AT)
    assert "refused the token" in owner.text
    await owner.get(f"{PAGE}/{one}")
    assert "no longer accepts the connection of this project" in owner.text
    await open_issue(owner, one, 409)
    await connect(owner, forge, token="another")
    assert "refused the token" not in owner.text
    await owner.get(f"{PAGE}/{one}")
    await open_issue(owner, one)
    assert sorted(await work(pool, settings)) == ["open", "open"]
    assert len(forge.issues) == 2


async def test_a_refused_issue_fails_with_its_reason(
    owner: Browser, pool: "Pool[asyncpg.Record]", settings: Settings, forge: Forge
) -> None:
    (id,) = await ids(pool, 1)
    await connect(owner, forge, labels="")
    for answers, words in (
        ([(404, {})], "The repository was not found"),
        ([(0, {}), (403, {})], "may not open issues"),
        ([(0, {}), (422, {})], "refused the issue"),
    ):
        await owner.get(f"{PAGE}/{id}")
        await open_issue(owner, id)
        forge.answers = list(answers)
        assert await work(pool, settings) == ["failed"]
        await owner.get(f"{PAGE}/{id}")
        assert words in owner.text
        assert "Try again" in owner.text
    await open_issue(owner, id)
    assert await work(pool, settings) == ["open"]


async def test_twelve_failures_are_enough(
    owner: Browser, pool: "Pool[asyncpg.Record]", settings: Settings, forge: Forge
) -> None:
    (id,) = await ids(pool, 1)
    await connect(owner, forge)
    await owner.get(f"{PAGE}/{id}")
    await open_issue(owner, id)
    outcomes = []
    while len(outcomes) < 20:
        forge.answers = [(500, {})]
        await due(pool)
        if not (new := await work(pool, settings)):
            break
        outcomes += new
    assert outcomes == ["waiting"] * 11 + ["failed"]


async def test_a_group_has_one_issue(
    owner: Browser, pool: "Pool[asyncpg.Record]", settings: Settings, forge: Forge
) -> None:
    one, two, _ = await ids(pool)
    await connect(owner, forge)
    await owner.get(PAGE)
    await post(owner, f"{PAGE}/actions", ("ids", one), ("ids", two), ("action", "join"))
    await owner.get(f"{PAGE}/{one}")
    await open_issue(owner, one)
    await open_issue(owner, two)
    assert "It is the issue of the messages that are the same." in owner.text
    assert await work(pool, settings) == ["open"]
    assert len(forge.issues) == 1


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"type": "bitbucket"}, "type must be"),
        ({"path": "docs"}, "owner/repository"),
        ({"path": "../../user"}, "owner/repository"),
        ({"path": "a/b?c"}, "owner/repository"),
        ({"url": "http://10.0.0.1"}, "private address"),
        ({"url": "https://user:pw@git.example"}, "user or password"),
        ({"url": "ftp://git.example"}, "must begin with https"),
        ({"token": ""}, "Enter the token"),
        ({"token": "x" * 256}, "255"),
        ({"token": "é"}, "ASCII"),
        ({"labels": ",".join(map(str, range(11)))}, "10 labels"),
        ({"title": ""}, "title"),
        ({"body": ""}, "text must have"),
        ({"body": "x" * 4001}, "4,000"),
        ({"edit_rule": "javascript:{path}"}, "edit URL"),
        ({"edit_rule": "https://git.example/"}, "{path}"),
    ],
)
async def test_it_says_what_is_wrong(
    owner: Browser, pool: "Pool[asyncpg.Record]", form: dict[str, str], words: str
) -> None:
    await owner.get(AT)
    response = await owner.post(AT, {"type": "github", **FORM, **form})
    assert response.status_code == 422
    assert words in owner.text
    assert await pool.fetchval("select count(*) from tracker") == 0


async def test_a_token_goes_only_to_its_forge(owner: Browser, pool: "Pool[asyncpg.Record]", forge: Forge) -> None:
    await connect(owner, forge)
    response = await owner.post(AT, {"type": forge.type, **FORM, "url": "https://evil.example", "token": ""})
    assert response.status_code == 422
    assert "Enter the token" in owner.text
    assert await pool.fetchval("select url from tracker") == forge.url
    await connect(owner, forge, token="", title="Another")
    assert await pool.fetchval("select title from tracker") == "Another"
    await connect(owner, forge, token="", title="Another")  # nothing has changed
    assert await pool.fetchval("select count(*) from audit where what = 'tracker.updated'") == 2


async def test_a_private_address_is_not_reached(
    owner: Browser, pool: "Pool[asyncpg.Record]", settings: Settings, forge: Forge
) -> None:
    (id,) = await ids(pool, 1)
    await connect(owner, forge)
    await owner.get(f"{PAGE}/{id}")
    await open_issue(owner, id)
    assert await work(pool, dataclasses.replace(settings, webhook_networks=())) == ["failed"]
    assert forge.requests == []
    assert await pool.fetchval("select problem from issue") == "forbidden"


async def test_an_issue_whose_message_a_merge_holds_keeps_no_other_waiting(
    owner: Browser, pool: "Pool[asyncpg.Record]", settings: Settings, forge: Forge
) -> None:
    first, other = await ids(pool, 2)
    await connect(owner, forge)
    for id in (first, other):
        await owner.get(f"{PAGE}/{id}")
        await open_issue(owner, id)
    await pool.execute("delete from response where id = $1", uuid.UUID(first))
    assert await work(pool, settings) == ["open"]
    rows = await pool.fetch("select response_id, state, attempts, next_at > now() as is_due from issue order by state")
    assert [tuple(row) for row in rows] == [(uuid.UUID(other), "open", 1, None), (uuid.UUID(first), "opening", 0, True)]


@pytest.mark.parametrize(
    "answer",
    [
        {"number": 10**30}, {"number": True}, {"number": 0}, {"number": "1"}, {"link": "https://git.example/\u0000"},
        {"link": "https://git.example/\ud800"}, {"link": "javascript:1"}, {"link": ["https://git.example"]},
        {"deep": 100_000},
    ],
    ids=str,
)  # fmt: skip
@pytest.mark.parametrize("forge", ["forgejo"], indirect=True)
async def test_an_odd_answer_is_a_failed_attempt(
    owner: Browser, pool: "Pool[asyncpg.Record]", settings: Settings, forge: Forge, answer: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    (id,) = await ids(pool, 1)
    await connect(owner, forge)
    await owner.get(f"{PAGE}/{id}")
    await open_issue(owner, id)
    number, link, _ = forge.names
    names = {"number": number, "link": link}

    def work_oddly(method: str, *_: Any) -> tuple[int, Any]:
        issue = {number: 1, link: "https://git.example/1"} | {
            names[name]: answer[name] for name in answer if name in names
        }
        return 201, [] if method == "GET" else issue

    if "deep" in answer:
        monkeypatch.setattr(request, "fetch", fetch_of(b"[" * answer["deep"]))
    monkeypatch.setattr(forge, "work", work_oddly)
    assert await work(pool, settings) == ["waiting"]
    row = await pool.fetchrow("select problem, failures from issue")
    assert tuple(row) == ("answer", 1)


def fetch_of(body: bytes) -> Callable[..., Awaitable[request.Fetched]]:
    """A request that is answered with a body."""

    async def fetch(*_: Any) -> request.Fetched:
        return request.Fetched(None, 200, {}, body)

    return fetch


@pytest.mark.parametrize("forge", ["gitlab"], indirect=True)
async def test_an_unexpected_error_fails_one_issue_only(
    owner: Browser, pool: "Pool[asyncpg.Record]", settings: Settings, forge: Forge, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = await ids(pool, 2)
    await connect(owner, forge)
    for id in (one, two):
        await owner.get(f"{PAGE}/{id}")
        await open_issue(owner, id)
    create = Client.create

    async def fail_first(*arguments: Any) -> RemoteIssue:
        monkeypatch.setattr(Client, "create", create)
        raise RuntimeError("unexpected")

    monkeypatch.setattr(Client, "create", fail_first)
    assert sorted(await work(pool, settings)) == ["open", "waiting"]
    rows = await pool.fetch("select problem, failures from issue order by failures")
    assert [tuple(row) for row in rows] == [(None, 0), ("internal", 1)]
    failed = await pool.fetchval("select response_id::text from issue where failures = 1")
    await owner.get(f"{PAGE}/{failed}")
    assert "The last attempt failed, and it is tried again" in owner.text


@pytest.mark.parametrize("headers", [{"x-ratelimit-remaining": "0"}, {"retry-after": "soon"}, {}])
def test_a_forge_that_does_not_say_how_long_asks_for_no_pause(headers: dict[str, str]) -> None:
    assert retry_after(headers) is None
