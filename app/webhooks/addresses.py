"""Which addresses may be reached: public ones, and networks that the operator has allowed.

A name is resolved once, and the connection goes to the address that was checked: a name that resolves to something else
a moment later gains nothing.
"""

import asyncio
import contextlib
import ipaddress
import re
import socket
from collections.abc import Sequence
from urllib.parse import urlsplit

from app.config.parse import Network
from app.errors import FeelbackError

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
# Global unicast; 6to4 and Teredo in it lead to IPv4 addresses that are not checked. NAT64 and the rest are outside.
UNICAST = ipaddress.ip_network("2000::/3")
TUNNELS = (ipaddress.ip_network("2002::/16"), ipaddress.ip_network("2001::/32"))
# What older versions of Python take for global: special addresses of the IETF, relays of 6to4, documentation.
SPECIAL = tuple(ipaddress.ip_network(text) for text in ("192.0.0.0/24", "192.88.99.0/24", "2001::/23", "3fff::/20"))

# Of a host; what only a resolver or a browser takes for one is refused.
NAME = re.compile(r"(?!.{254})([a-z0-9_]([a-z0-9_-]*[a-z0-9_])?\.)*[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?\.?")


class ForbiddenAddress(Exception):
    """The request must not be sent. Its text is the name of a problem (app/webhooks/problems.py)."""


def is_public(address: Address) -> bool:
    """Whether an address is of the public Internet."""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return is_public(address.ipv4_mapped)
        if address not in UNICAST or any(address in network for network in TUNNELS):
            return False
    if any(address.version == network.version and address in network for network in SPECIAL):
        return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def is_allowed(address: Address, networks: Sequence[Network]) -> bool:
    """Whether an address is of one of `networks`; one of IPv4 in IPv6 is what it stands for."""
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    return any(address.version == network.version and address in network for network in networks)


async def resolved(host: str, port: int, networks: Sequence[Network], *, is_secure: bool) -> str:
    """The address of a host to connect to. Without TLS it must be of `networks`.

    Raises:
        ForbiddenAddress: `dns` if there is none, `forbidden` or `plain_http` if one of them must not be reached.
    """
    try:
        rows = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise ForbiddenAddress("dns") from None
    addresses = [ipaddress.ip_address(str(row[4][0]).partition("%")[0]) for row in rows]
    for address in addresses:
        if is_allowed(address, networks):
            continue
        if not is_public(address):
            raise ForbiddenAddress("forbidden")
        if not is_secure:
            raise ForbiddenAddress("plain_http")
    if not addresses:
        raise ForbiddenAddress("dns")
    return str(addresses[0])


def check_url(url: str, networks: Sequence[Network]) -> None:
    """Check what can be checked of a URL before a request.

    Raises:
        FeelbackError: 422 for what is no https URL, has a user or password, or names an address that is not public.
    """
    scheme, host = parsed(url)
    if scheme != "https" and not networks:
        raise FeelbackError(422, "The URL must begin with https:// and a host, in ASCII characters.")
    address = _literal(host)
    if address is not None and not is_public(address) and not is_allowed(address, networks):
        raise FeelbackError(422, "The URL must not name a private address.")


def parsed(url: str) -> tuple[str, str]:
    """The scheme, http or https, and the host of a URL in lower case.

    Raises:
        FeelbackError: 422 for what no request is sent to, such as one with a user or password.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise FeelbackError(422, "The URL is not valid: check its host and port.") from None
    if parts.scheme not in ("https", "http") or not host or not url.isascii() or not url.isprintable() or " " in url:
        raise FeelbackError(422, "The URL must begin with https:// and a host, in ASCII characters.")
    if "@" in parts.netloc:
        raise FeelbackError(422, "The URL must not have a user or password. Receivers verify the signature.")
    if port == 0 or not (NAME.fullmatch(host) or "[" in parts.netloc):
        raise FeelbackError(422, "The URL is not valid: check its host and port.")
    if len(url) > 2000:
        raise FeelbackError(422, "The URL must have at most 2,000 characters.")
    return parts.scheme, host


def _literal(host: str) -> Address | None:
    """The address that a host is without a resolver, in any of the spellings that the C library takes."""
    name = host.rstrip(".")
    if name == "localhost" or name.endswith(".localhost"):
        return ipaddress.IPv4Address("127.0.0.1")
    with contextlib.suppress(ValueError):
        return ipaddress.ip_address(name.partition("%")[0])
    with contextlib.suppress(OSError):
        return ipaddress.IPv4Address(socket.inet_aton(name))  # 127.1, 0x7f000001, 017700000001, 2130706433
    return None
