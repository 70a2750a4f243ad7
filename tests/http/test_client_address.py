"""One address for a request, wherever it is read."""

import ipaddress
from typing import Any

import pytest

from app.config import load
from app.http.client_address import Addresses, network

SECRET = "only-for-tests-only-for-tests-only-for-tests"


def addresses(**environ: str) -> Addresses:
    return Addresses(load({"SECRET_KEY": SECRET, **environ}))


def scope(peer: str, *headers: tuple[bytes, bytes]) -> Any:
    return {"client": (peer, 4000), "headers": list(headers)}


def lines(*values: str) -> list[tuple[bytes, bytes]]:
    return [(b"x-forwarded-for", value.encode()) for value in values]


@pytest.mark.parametrize(
    ("peer", "forwarded", "expected"),
    [
        ("203.0.113.7", [], "203.0.113.7"),
        ("203.0.113.7", ["198.51.100.1"], "203.0.113.7"),  # no proxy of ours
        ("127.0.0.1", ["198.51.100.1"], "198.51.100.1"),
        ("127.0.0.1", ["9.9.9.9, 198.51.100.1"], "198.51.100.1"),
        ("127.0.0.1", ["9.9.9.9", "198.51.100.1"], "198.51.100.1"),  # HAProxy's line is the last
        ("127.0.0.1", ["198.51.100.1", "127.0.0.1"], "198.51.100.1"),  # two proxies of ours, a line each
        ("127.0.0.1", ["9.9.9.9, 8.8.8.8", "198.51.100.1, 127.0.0.2", "127.0.0.1"], "198.51.100.1"),
        ("127.0.0.1", ["9.9.9.9", "rubbish"], "127.0.0.1"),
        ("127.0.0.1", [], "127.0.0.1"),
    ],
)
def test_it_reads_all_lines_from_the_last_proxy_on(peer: str, forwarded: list[str], expected: str) -> None:
    address = addresses().of_request(scope(peer, *lines(*forwarded)))
    assert str(ipaddress.ip_address(address)) == expected


def test_a_network_is_a_24_or_a_56() -> None:
    of = addresses().of
    assert network(of("203.0.113.7")) == network(of("203.0.113.250")) != network(of("203.0.114.7"))
    assert network(of("2001:db8:0:ff01::1")) == network(of("2001:db8:0:ffff::1")) != network(of("2001:db8:1:1::1"))
