"""The visitor's address behind trusted proxies; it is hashed at once and never stored."""

import ipaddress
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from app.config import Settings

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class Addresses:
    """Finds the address that a request came from, in the same way for ingestion and for the panel."""

    def __init__(self, settings: Settings) -> None:
        self._trusted, self._on_fly = settings.trusted_proxies, bool(settings.fly_app_name)
        self._cached_address = lru_cache(maxsize=50_000)(self._of)

    def of_request(self, scope: Any, headers: Mapping[bytes, bytes] | None = None) -> bytes:
        """Return the packed address of the client that sent an ASGI request; see `of`.

        `headers` are those of `scope` by name, if they are at hand.
        """
        client, forwarded, fly = scope.get("client"), None, None
        is_direct = headers is not None and b"x-forwarded-for" not in headers and b"fly-client-ip" not in headers
        for name, value in () if is_direct else scope["headers"]:
            if name == b"x-forwarded-for":
                # A client may send a line of its own, and a proxy may add one after it: the lines are one list.
                forwarded = value if forwarded is None else forwarded + b"," + value
            elif name == b"fly-client-ip":
                fly = value
        return self.of(client[0] if client else "", forwarded, fly)

    def of(self, peer: str, forwarded: bytes | None = None, fly: bytes | None = None) -> bytes:
        """Return the packed address: 4 bytes of IPv4, or 8 of IPv6, since a /64 is one subscriber's.

        `peer` is the connection's other end; `forwarded` is X-Forwarded-For and `fly` Fly-Client-IP.
        """
        if len(forwarded or b"") + len(fly or b"") > 200:  # anybody can invent these, so long ones are not cached
            return self._of(peer, forwarded, fly)
        return self._cached_address(peer, forwarded, fly)

    def _of(self, peer: str, forwarded: bytes | None, fly: bytes | None) -> bytes:
        address = _parse(peer)
        if address is None:
            return peer.encode()
        if self._is_trusted(address):
            if fly and (self._on_fly or not forwarded):
                address = _parse(fly.decode("latin-1")) or address
            elif forwarded:
                for part in reversed(forwarded.decode("latin-1").split(",")):
                    hop = _parse(part)
                    if hop is None:
                        break
                    address = hop
                    if not self._is_trusted(hop):
                        break
        return address.packed if address.version == 4 else address.packed[:8]

    def is_proxy(self, peer: str) -> bool:
        """Whether a connection's other end is a trusted proxy, which has the connections of many clients."""
        address = _parse(peer)
        return address is not None and self._is_trusted(address)

    def _is_trusted(self, address: Address) -> bool:
        return any(address.version == network.version and address in network for network in self._trusted)


def network(address: bytes) -> bytes:
    """Return the network of a packed address: its /24, or its /56 of IPv6, in which one sender has many addresses."""
    return address[:3] if len(address) == 4 else address[:7]


def _parse(text: str) -> Address | None:
    try:
        address = ipaddress.ip_address(text.strip().strip("[]").partition("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
