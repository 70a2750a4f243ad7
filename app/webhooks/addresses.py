"""Which addresses may be reached: public ones, and networks that the operator has allowed.

A name is resolved once, and the connection goes to the address that was checked: a name that resolves to something else
a moment later gains nothing.
"""

import asyncio
import ipaddress
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
SPECIAL = tuple(ipaddress.ip_network(text) for text in ("192.0.0.0/24", "192.88.99.0/24", "3fff::/20"))


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
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        raise FeelbackError(422, "The URL is not valid: check its host and port.") from None
    schemes = ("https", "http") if networks else ("https",)
    if parts.scheme not in schemes or not host or not url.isascii() or not url.isprintable() or " " in url:
        raise FeelbackError(422, "The URL must begin with https:// and a host, in ASCII characters.")
    if "@" in parts.netloc:
        raise FeelbackError(422, "The URL must not have a user or password. Receivers verify the signature.")
    if len(url) > 2000:
        raise FeelbackError(422, "The URL must have at most 2,000 characters.")
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return
    if not is_public(address) and not is_allowed(address, networks):
        raise FeelbackError(422, "The URL must not name a private address.")
