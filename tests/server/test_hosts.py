"""Which host names are answered: ours, and no other's, whatever form the request takes."""

from typing import Any

import pytest

from app import config
from app.server.hosts import HostCheck, is_loopback

SECRET = "s" * 32


class Recorder:
    """An application that records the scopes it is called with."""

    def __init__(self) -> None:
        self.scopes: list[Any] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.scopes.append(scope)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})


async def call(*hosts: str, target: str = "/sign-in", **settings: str) -> tuple[int, bytes, Recorder]:
    """The status and body of a request as Hypercorn passes it on, and what came through."""
    inner, sent = Recorder(), []

    async def send(message: Any) -> None:
        sent.append(message)

    path = target.encode().partition(b"?")[0]
    scope = {
        "type": "http", "method": "GET", "path": path.decode(), "raw_path": path, "query_string": b"",
        "headers": [(b"host", host.encode("latin-1")) for host in hosts],
    }  # fmt: skip
    check = HostCheck(inner, config.load({"DATABASE_URL": "postgresql://x/y", "SECRET_KEY": SECRET, **settings}))
    await check(scope, None, send)
    return sent[0]["status"], sent[1]["body"], inner


async def status(*hosts: str, target: str = "/sign-in", **settings: str) -> int:
    return (await call(*hosts, target=target, **settings))[0]


PUBLIC = {"BASE_URL": "https://fb.example", "HOST": "0.0.0.0"}


@pytest.mark.parametrize("host", ["fb.example", "fb.example:443", "FB.Example", "fb.example.", "fb.example:8000"])
async def test_it_answers_for_base_url(host: str) -> None:
    assert await status(host, **PUBLIC) == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example", "rebind.evil.example:8000", "fb.example.evil.example", "evilfb.example", "x@fb.example",
        "fb.example@evil.example", "fb.example/x", "fb.example, evil.example", "", "localhost", "127.0.0.1:8000",
        "[::1]", "10.0.0.5", "fb.example:x", "fb..example", "ü.example", "fb.example\x00", "fb.example#", "fb.example?",
    ],
)  # fmt: skip
async def test_it_answers_for_no_other(host: str) -> None:
    code, body, inner = await call(host, **PUBLIC)
    assert (code, inner.scopes) == (421, [])
    assert b"ALLOWED_HOSTS" in body
    assert b"evil" not in body


async def test_several_must_all_be_ours() -> None:
    assert await status("fb.example", "fb.example", **PUBLIC) == 200
    assert await status("fb.example", "evil.example", **PUBLIC) == 421
    assert await status("evil.example", "fb.example", **PUBLIC) == 421


async def test_loopback_names_are_ours_where_only_this_machine_connects() -> None:
    for host in ("localhost:8000", "127.0.0.1:8000", "[::1]:8000", "127.1.2.3"):
        assert await status(host) == 200
        assert await status(host, BASE_URL="https://fb.example", HOST="127.0.0.1") == 200
        assert await status(host, HOST="0.0.0.0") == 200  # BASE_URL is http://localhost:8000
        assert await status(host, **PUBLIC) == 421
    assert await status("rebind.evil.example:8000") == 421
    assert await status("localhost.evil.example") == 421


async def test_more_names_can_be_set() -> None:
    more = {**PUBLIC, "ALLOWED_HOSTS": "feelback, 10.0.0.5 ,[fd00::1],Other.example."}
    for host in ("feelback:8000", "10.0.0.5", "[fd00::1]:8000", "other.example", "fb.example"):
        assert await status(host, **more) == 200
    assert await status("evil.example", **more) == 421


async def test_an_international_name_is_ours_as_browsers_send_it() -> None:
    assert await status("xn--bcher-kva.example", BASE_URL="https://bücher.example", HOST="0.0.0.0") == 200


@pytest.mark.parametrize("target", ["/healthz", "/readyz"])
async def test_probes_may_address_a_machine_by_number(target: str) -> None:
    for host in ("10.0.0.5:8000", "evil.example"):
        assert await status(host, target=target, **PUBLIC) == 200
        assert await status(host, target=f"{target}/x", **PUBLIC) == 421


async def test_a_request_of_no_browser_may_lack_it() -> None:
    assert await status(**PUBLIC) == 200


async def test_the_api_gets_json() -> None:
    code, body, _ = await call("evil.example", target="/v1/responses", **PUBLIC)
    assert code == 421
    assert body.startswith(b'{"error": "misdirected_request"')


@pytest.mark.parametrize(
    ("target", "path"),
    [
        ("http://fb.example/sign-in", "/sign-in"), ("HTTPS://fb.example:8000/a%20b?x=http://y/", "/a b"),
        ("http://fb.example", "/"), ("http://fb.example?x", "/"),
    ],
)  # fmt: skip
async def test_the_absolute_form_names_host_and_path(target: str, path: str) -> None:
    code, _, inner = await call("fb.example", target=target, **PUBLIC)
    assert code == 200
    assert inner.scopes[0]["path"] == path


@pytest.mark.parametrize("target", ["http://evil.example/sign-in", "http://x@fb.example/sign-in", "http:///sign-in"])
async def test_the_absolute_form_of_another_host_is_refused(target: str) -> None:
    assert await status("fb.example", target=target, **PUBLIC) == 421


@pytest.mark.parametrize("target", ["/x://y/sign-in", "/http://fb.example/installation/mails", "x://fb.example/y"])
async def test_a_path_has_no_alias(target: str) -> None:
    _, _, inner = await call("fb.example", target=target, **PUBLIC)
    assert inner.scopes[0]["path"] == target


@pytest.mark.parametrize(
    ("host", "expected"),
    [("localhost", True), ("127.0.0.1", True), ("::1", True), ("[::1]", True), ("0.0.0.0", False), ("x", False)],
)
def test_it_knows_loopback(host: str, expected: bool) -> None:
    assert is_loopback(host) is expected
