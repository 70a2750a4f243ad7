"""Requests to addresses that users have chosen: what is reached, and what each kind of answer means."""

import asyncio
import ipaddress
import socket
import ssl
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from app.errors import FeelbackError
from app.webhooks import addresses, request
from app.webhooks.problems import PROBLEMS
from tests.support.webhook_receiver import answer, listening

LOOPBACK, LOOPBACK_6 = (ipaddress.ip_network("127.0.0.0/8"),), (ipaddress.ip_network("::1/128"),)
FORBIDDEN = [
    "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0", "100.64.0.1", "224.0.0.1",
    "255.255.255.255", "192.0.0.8", "198.18.0.1", "240.0.0.1", "::", "::1", "::ffff:127.0.0.1",
    "::ffff:169.254.169.254", "::127.0.0.1", "fe80::1", "fc00::1", "fd00:ec2::254", "ff02::1", "fec0::1",
    "64:ff9b::7f00:1", "64:ff9b:1::a9fe:a9fe", "2002:7f00:1::", "2001:0:7f00:1::", "2001:db8::1",
]  # fmt: skip
ANSWERS = [
    ("200 OK", None), ("204 No Content", None), ("301 Moved Permanently", "redirect"), ("304 Not Modified", "redirect"),
    ("400 Bad Request", "client_error"), ("404 Not Found", "client_error"), ("410 Gone", "gone"),
    ("429 Too Many Requests", "client_error"), ("500 Internal Server Error", "server_error"),
]  # fmt: skip


@pytest.mark.parametrize("text", FORBIDDEN)
def test_an_address_that_is_not_public_is_none(text: str) -> None:
    assert not addresses.is_public(ipaddress.ip_address(text))


@pytest.mark.parametrize("text", ["1.1.1.1", "93.184.216.34", "2606:4700:4700::1111", "::ffff:1.1.1.1"])
def test_an_address_of_the_internet_is_public(text: str) -> None:
    assert addresses.is_public(ipaddress.ip_address(text))


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "127.1", "[::ffff:127.0.0.1]", "0"])
async def test_no_request_reaches_an_address_that_is_not_public(host: str) -> None:
    async with listening() as receiver:
        port = receiver.url.split(":")[2].split("/")[0]
        result = await request.post(f"https://{host}:{port}/", b"{}", {})
        assert (result.problem, result.status) in (("forbidden", None), ("dns", None))
        assert receiver.received == []


async def test_a_name_is_resolved_once_and_the_address_that_was_checked_is_the_one_connected_to(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    loop, calls = asyncio.get_running_loop(), []

    async def getaddrinfo(host: Any, port: Any, **more: Any) -> list[Any]:
        calls.append(str(host))
        # The first answer is harmless, each later one is not.
        address = "127.0.0.1" if len(calls) == 1 else "127.0.0.2"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    async with listening() as receiver:
        port = receiver.url.split(":")[2].split("/")[0]
        original = loop.getaddrinfo
        monkeypatch.setattr(
            loop, "getaddrinfo",
            lambda host, port, **more: (getaddrinfo if host == "rebind.example" else original)(host, port, **more),
        )  # fmt: skip
        result = await request.post(f"http://rebind.example:{port}/", b"{}", {}, LOOPBACK)
        assert (result.status, calls) == (204, ["rebind.example"])
        assert receiver.received[0].headers["host"] == f"rebind.example:{port}"
        # One that is not public among several is enough.
        result = await request.post(f"https://rebind.example:{port}/", b"{}", {})
        assert result.problem == "forbidden"


async def test_a_public_address_takes_no_plain_http() -> None:
    result = await request.post("http://1.1.1.1/", b"{}", {}, LOOPBACK)
    assert result.problem == "plain_http"


@pytest.mark.parametrize(("status", "problem"), ANSWERS)
async def test_the_status_decides(status: str, problem: str | None) -> None:
    async with listening() as receiver:
        receiver.answers = [
            answer(status, "Location: http://127.0.0.1:1/\r\n", "" if status[:3] in ("204", "304") else "Hello")
        ]
        result = await request.post(receiver.url, b'{"a": 1}', {"webhook-id": "evt_1"}, LOOPBACK)
        assert (result.problem, result.status) == (problem, int(status[:3]))
        assert problem is None or PROBLEMS[problem].text
        assert len(receiver.received) == 1
        assert receiver.received[0].body == b'{"a": 1}'
        assert receiver.received[0].headers["webhook-id"] == "evt_1"


async def test_a_body_without_end_and_one_that_drips_are_read_in_part() -> None:
    async with listening() as receiver:
        receiver.answers = [b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"]
        receiver.drip = 1_000_000
        result = await request.post(receiver.url, b"{}", {}, LOOPBACK)
        assert (result.problem, result.status, len(result.text or "")) == (None, 200, 1024)
        assert result.duration_ms < 5000
        receiver.drip, receiver.pause = 1000, 0.01
        result = await request.post(receiver.url, b"{}", {}, LOOPBACK, seconds=0.5)
        assert (result.problem, result.status) == (None, 200)
        assert result.duration_ms < 3000


async def test_a_head_that_drips_is_a_timeout() -> None:
    async with listening() as receiver:
        receiver.answers, receiver.drip, receiver.pause = [b"HTTP/1.1 200 OK\r\nX-A: "], 1000, 0.01
        result = await request.post(receiver.url, b"{}", {}, LOOPBACK, seconds=0.5)
        assert (result.problem, result.status) == ("timeout", None)


async def test_what_is_no_http_no_tls_or_not_there_has_its_own_words() -> None:
    async with listening() as receiver:
        receiver.answers = [b"SSH-2.0-OpenSSH_9\r\n\r\n"]
        assert (await request.post(receiver.url, b"{}", {}, LOOPBACK)).problem == "protocol"
        closed = receiver.url
    assert (await request.post(closed, b"{}", {}, LOOPBACK)).problem == "connect"
    assert (await request.post("https://no-such-host.invalid/", b"{}", {})).problem == "dns"


async def test_a_certificate_that_nobody_vouches_for_is_refused(tmp_path: Path) -> None:
    key, name = (
        ec.generate_private_key(ec.SECP256R1()),
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")]),
    )
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False).sign(key, SHA256())
    )  # fmt: skip
    file = tmp_path / "certificate.pem"
    file.write_bytes(
        certificate.public_bytes(Encoding.PEM) + key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(file)
    async with listening(context) as receiver:
        result = await request.post(receiver.url.replace("127.0.0.1", "localhost"), b"{}", {}, (*LOOPBACK, *LOOPBACK_6))
        assert (result.problem, receiver.received) == ("tls", [])


async def test_retry_after_is_seconds_or_a_date() -> None:
    async with listening() as receiver:
        receiver.answers = [answer("503 Service Unavailable", "Retry-After: 120\r\n")]
        assert (await request.post(receiver.url, b"{}", {}, LOOPBACK)).retry_after == 120
        later = format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True)
        receiver.answers = [answer("503 Service Unavailable", f"Retry-After: {later}\r\n")]
        assert 3500 < ((await request.post(receiver.url, b"{}", {}, LOOPBACK)).retry_after or 0) <= 3600
        receiver.answers = [answer("503 Service Unavailable", "Retry-After: soon\r\n")]
        assert (await request.post(receiver.url, b"{}", {}, LOOPBACK)).retry_after is None


@pytest.mark.parametrize(
    "url",
    ["http://example.com/", "ftp://example.com/", "https://", "https://a:b@example.com/", "https://me@example.com/",
     "https://example.com:99999/", "https://127.0.0.1/", "https://[::1]/", "https://169.254.169.254/latest",
     "https://exa mple.com/", "https://ëxample.com/", "https://example.com/" + "x" * 2000, "javascript:alert(1)", ""],
)  # fmt: skip
def test_a_url_that_cannot_be_sent_to_is_refused(url: str) -> None:
    with pytest.raises(FeelbackError) as error:
        addresses.check_url(url, ())
    assert error.value.status == 422


def test_a_url_that_can_be_sent_to_is_accepted() -> None:
    addresses.check_url("https://example.com/hook?x=1", ())
    addresses.check_url("http://127.0.0.1:8080/", LOOPBACK)
