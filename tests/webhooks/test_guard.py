"""The guard against private networks: whatever a URL, a resolver or a receiver does, nothing else is connected to."""

import asyncio
import gzip
import ipaddress
import socket
import ssl
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from app.errors import FeelbackError
from app.webhooks import addresses, request
from app.webhooks.problems import PROBLEMS
from tests.support.forbidden_addresses import ANSWERS, HOSTS
from tests.support.webhook_receiver import answer, listening

ELSEWHERE = (ipaddress.ip_network("10.99.0.0/16"),)  # allows http, and nothing that is here
ONE = (ipaddress.ip_network("127.0.0.2/32"),)


class Wire(NamedTuple):
    """What the process did: (address, port) of each connection that a socket of it tried."""

    connections: list[tuple[str, int]]


RECORDED: list[list[tuple[str, int]]] = []


def _audit(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "socket.connect" and RECORDED and isinstance(arguments[1], tuple):
        RECORDED[-1].append(arguments[1][:2])


sys.addaudithook(_audit)  # for good: hooks cannot be removed


@pytest.fixture
def wire() -> Iterator[Wire]:
    """Records the connections of a test."""
    RECORDED.append([])
    yield Wire(RECORDED[-1])
    RECORDED.pop()


def resolve(monkeypatch: pytest.MonkeyPatch, *answers: Sequence[str]) -> list[str]:
    """Let every name resolve to the first of `answers`, later to the next, the last of them for ever. Returns the names
    that were resolved.
    """
    names: list[str] = []

    async def getaddrinfo(host: Any, port: Any, **more: Any) -> list[Any]:
        names.append(str(host))
        rows = []
        for address in answers[min(len(names), len(answers)) - 1]:
            family = socket.AF_INET6 if ":" in address else socket.AF_INET
            rest = (0, 1) if ":" in address else ()
            rows.append((family, socket.SOCK_STREAM, 6, "", (address, port, *rest)))
        return rows

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", getaddrinfo)
    return names


def port_of(url: str) -> int:
    return int(url.split(":")[2].split("/")[0])


@pytest.mark.parametrize("name", ANSWERS)
@pytest.mark.parametrize("scheme", ["https", "http"])
async def test_a_name_of_a_private_address_is_not_connected_to(
    name: str, scheme: str, wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with listening(host="0.0.0.0") as receiver:
        resolve(monkeypatch, ANSWERS[name])
        url = f"{scheme}://rebind.example:{port_of(receiver.url)}/"
        # Plain HTTP is for allowed networks alone: a public address that comes first is refused for it.
        expected = {"dns"} if name == "none" else {"forbidden", "plain_http"} if scheme == "http" else {"forbidden"}
        result = await request.post(url, b"{}", {}, ELSEWHERE)
    assert (result.problem in expected, result.status, wire.connections, receiver.received) == (True, None, [], [])


@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize("scheme", ["https", "http"])
async def test_no_spelling_reaches_this_machine(host: str, scheme: str, wire: Wire) -> None:
    async with listening(host="0.0.0.0") as receiver, listening(host="::1", port=port_of(receiver.url)) as receiver_6:
        result = await request.post(f"{scheme}://{host}:{port_of(receiver.url)}/", b"{}", {}, ELSEWHERE)
        assert result.problem in ("forbidden", "dns", "url")
        assert (result.status, wire.connections, receiver.received, receiver_6.received) == (None, [], [], [])


async def test_the_receiver_of_these_tests_can_be_reached(wire: Wire) -> None:
    async with listening(host="0.0.0.0") as receiver:
        port = port_of(receiver.url)
        result = await request.post(f"http://2130706434:{port}/", b"{}", {}, ONE)
        assert (result.status, wire.connections, len(receiver.received)) == (204, [("127.0.0.2", port)], 1)


@pytest.mark.parametrize("later", ["127.0.0.1", "169.254.169.254", "10.0.0.1", "::1"])
async def test_the_socket_connects_to_the_address_that_was_checked(
    later: str, wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with listening(host="0.0.0.0") as receiver:
        port = port_of(receiver.url)
        names = resolve(monkeypatch, ["127.0.0.2"], [later])
        result = await request.post(f"http://rebind.example:{port}/", b"{}", {}, ONE)
        assert (result.status, names, wire.connections) == (204, ["rebind.example"], [("127.0.0.2", port)])
        # By the next request the name leads elsewhere.
        result = await request.post(f"http://rebind.example:{port}/", b"{}", {}, ONE)
        assert (result.problem, wire.connections) == ("forbidden", [("127.0.0.2", port)])
        assert len(receiver.received) == 1


async def test_of_several_addresses_no_other_is_tried(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    resolve(monkeypatch, ["127.0.0.2", "127.0.0.2"])
    async with listening() as receiver:  # nobody listens there
        result = await request.post(f"http://a.example:{port_of(receiver.url)}/", b"{}", {}, ONE)
    assert (result.problem, wire.connections) == ("connect", [("127.0.0.2", port_of(receiver.url))])


@pytest.mark.parametrize("status", range(300, 309))
async def test_no_redirect_is_followed(status: int, wire: Wire) -> None:
    async with listening() as receiver, listening() as target:
        receiver.answers = [answer(f"{status} Elsewhere", f"Location: {target.url}\r\nRefresh: 0;{target.url}\r\n")]
        networks = (ipaddress.ip_network("127.0.0.1/32"),)
        result = await request.post(receiver.url, b"{}", {}, networks)
        assert (result.problem, result.status, target.received) == ("redirect", status, [])
        assert wire.connections == [("127.0.0.1", port_of(receiver.url))]


BOMB = gzip.compress(bytes(50_000_000))
HEAD = b"HTTP/1.1 200 OK\r\n"


class Case(NamedTuple):
    """An answer that is sent, with `drip` bytes after it, one every `pause` seconds; and what becomes of it."""

    answer: bytes
    problem: str | None
    status: int | None = None
    drip: int = 0
    pause: float = 0.0


HOSTILE = {
    "a body without end": Case(HEAD + b"\r\n", None, 200, drip=1_000_000),
    "a body that drips": Case(HEAD + b"\r\n", None, 200, drip=1_000_000, pause=0.01),
    "a chunk without end": Case(HEAD + b"Transfer-Encoding: chunked\r\n\r\nffffffff\r\n", None, 200, drip=1_000_000),
    "a length that is never reached": Case(HEAD + b"Content-Length: 9999999999\r\n\r\n", None, 200, 1_000_000, 0.01),
    "a body that ends early": Case(HEAD + b"Content-Length: 10\r\n\r\nabc", None, 200),
    "a bomb": Case(HEAD + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(BOMB) + BOMB, None, 200),
    "an error with a body without end": Case(b"HTTP/1.1 500 No\r\n\r\n", "server_error", 500, drip=1_000_000),
    "a head that drips": Case(HEAD + b"X-A: ", "timeout", drip=1_000_000, pause=0.01),
    "a header without end": Case(HEAD + b"X-A: ", "protocol", drip=1_000_000),
    "headers without end": Case(HEAD + b"X-A: b\r\n" * 100_000, "protocol"),
    "a status line without end": Case(b"HTTP/1.1 200 ", "protocol", drip=1_000_000),
    "interim answers without end": Case(b"HTTP/1.1 103 Early Hints\r\n\r\n" * 1000, "timeout", drip=1, pause=5),
    "another protocol": Case(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n", "protocol"),
    "two lengths": Case(HEAD + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nab", "protocol"),
    "nothing": Case(b"", "timeout", drip=1, pause=5),
    "an end at once": Case(b"", "protocol"),
    "garbage": Case(bytes(range(256)) * 10 + b"\r\n\r\n", "protocol"),
    "HTTP/2": Case(b"\x00\x00\x12\x04\x00\x00\x00\x00\x00" + bytes(18), "protocol"),
}


@pytest.mark.parametrize("name", HOSTILE)
async def test_a_hostile_answer_has_its_problem_and_its_limits(name: str) -> None:
    case = HOSTILE[name]
    async with listening() as receiver:
        receiver.answers, receiver.drip, receiver.pause = [case.answer], case.drip, case.pause
        result = await request.post(receiver.url, b"{}", {}, (ipaddress.ip_network("127.0.0.1/32"),), seconds=0.7)
    assert (result.problem, result.status) == (case.problem, case.status)
    assert result.duration_ms < 4000
    assert len((result.text or "").encode()) <= request.STORED_BYTES
    assert result.problem is None or PROBLEMS[result.problem].text


@pytest.mark.parametrize(
    "url",
    ["https://example.com:0/", "https://example.com:65536/", "https://example.com:-1/", "https://example.com:a/",
     "https://u@example.com/", "https://:p@example.com/", "https://u:p@example.com/", "https://@example.com/",
     "https://example.com\\@127.0.0.1/", "https://example.com\\.evil/", "https://exa%6dple.com/", "https://a..b/",
     "https://-/", "https://example。com/", "https://example.com/ a", "https://example.com/\r\nX: y", "//example.com/",
     "https:/example.com/", "https:example.com", "file:///etc/passwd", "gopher://example.com/", "unix:/run/x.sock"],
)  # fmt: skip
async def test_a_url_that_is_none_is_neither_stored_nor_sent_to(url: str, wire: Wire) -> None:
    with pytest.raises(FeelbackError) as error:
        addresses.check_url(url, ())
    assert error.value.status == 422
    result = await request.post(url, b"{}", {}, ELSEWHERE)
    assert (result.problem, PROBLEMS["url"].is_final, wire.connections) == ("url", True, [])


@pytest.mark.parametrize("host", HOSTS)
def test_a_url_of_this_machine_is_not_stored(host: str) -> None:
    with pytest.raises(FeelbackError):
        addresses.check_url(f"https://{host}/", ())


class Certificate(NamedTuple):
    """What a server shows: its name, its first and last day from now, and whether who signed it is known."""

    name: str
    days: tuple[int, int] = (-2, 2)
    is_known: bool = True


@pytest.mark.parametrize(
    ("certificate", "problem"),
    [
        (Certificate("tls.example"), None), (Certificate("other.example"), "tls"),
        (Certificate("tls.example", (-4, -2)), "tls"), (Certificate("tls.example", (2, 4)), "tls"),
        (Certificate("tls.example", is_known=False), "tls"),
    ],
)  # fmt: skip
async def test_only_a_valid_certificate_for_the_name_is_sent_to(
    certificate: Certificate, problem: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = tls(certificate, tmp_path, monkeypatch)
    async with listening(context, host="127.0.0.2") as receiver:
        resolve(monkeypatch, ["127.0.0.2"])
        result = await request.post(f"https://tls.example:{port_of(receiver.url)}/", b"{}", {}, ONE)
        assert (result.problem, len(receiver.received)) == (problem, 0 if problem else 1)


@pytest.mark.parametrize(("greeting", "problem"), [(b"HTTP/1.1 400 No\r\n\r\n", "tls"), (b"", "timeout")])
async def test_a_server_without_tls_gets_no_request(greeting: bytes, problem: str) -> None:
    lines = []

    async def greet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(greeting)
        lines.append(await reader.read())
        writer.close()

    server = await asyncio.start_server(greet, "127.0.0.2", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        result = await request.post(f"https://127.0.0.2:{port}/", b"{}", {"x-secret": "word"}, ONE, seconds=0.7)
        await asyncio.sleep(0.1)
    assert result.problem == problem
    assert len(lines) == 1  # it was closed, and not only when memory was collected
    assert b"word" not in lines[0]


def tls(certificate: Certificate, folder: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """The context of a server with that certificate."""
    now = datetime.now(UTC)
    keys = [ec.generate_private_key(ec.SECP256R1()) for _ in range(2)]
    names = [x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]) for name in ("Authority", certificate.name)]
    days = [(-9, 9), certificate.days]
    files = []
    for n in range(2):
        builder = (
            x509.CertificateBuilder().subject_name(names[n]).issuer_name(names[0]).public_key(keys[n].public_key())
            .serial_number(n + 1).not_valid_before(now + timedelta(days[n][0]))
            .not_valid_after(now + timedelta(days[n][1]))
            .add_extension(x509.BasicConstraints(ca=n == 0, path_length=None), critical=True)
            .add_extension(x509.SubjectAlternativeName([x509.DNSName(certificate.name)]), critical=False)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(keys[n].public_key()), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(keys[0].public_key()), critical=False)
        )  # fmt: skip
        if n == 0:
            usage = x509.KeyUsage(True, False, False, False, False, True, True, False, False)
            builder = builder.add_extension(usage, critical=True)
        key = keys[n].private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        files.append(folder / f"{n}.pem")
        files[n].write_bytes(builder.sign(keys[0], SHA256()).public_bytes(Encoding.PEM) + key)
    if certificate.is_known:
        monkeypatch.setenv("SSL_CERT_FILE", str(files[0]))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(files[1])
    return context
