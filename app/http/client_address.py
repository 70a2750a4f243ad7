"""The visitor's address behind trusted proxies; it is hashed at once and never stored."""

import ipaddress
from functools import lru_cache

from app.config import Settings


class Addresses:
    """Finds the address that a request came from."""

    def __init__(self, settings: Settings, *, on_fly: bool = False) -> None:
        self._trusted, self._on_fly = settings.trusted_proxies, on_fly
        self._cached_address = lru_cache(maxsize=50_000)(self._of)

    def of(self, peer: str, forwarded: bytes | None, fly: bytes | None) -> bytes:
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

    def _is_trusted(self, address: "ipaddress.IPv4Address | ipaddress.IPv6Address") -> bool:
        return any(address.version == network.version and address in network for network in self._trusted)


def _parse(text: str) -> "ipaddress.IPv4Address | ipaddress.IPv6Address | None":
    try:
        address = ipaddress.ip_address(text.strip().strip("[]").partition("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
