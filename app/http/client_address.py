"""The visitor's address behind trusted proxies; it is hashed at once and kept nowhere."""

import ipaddress
from functools import lru_cache

from app.config import Settings


class Addresses:
    """Finds the address of who sent a request."""

    def __init__(self, settings: Settings, *, on_fly: bool = False) -> None:
        self._trusted, self._on_fly = settings.trusted_proxies, on_fly
        self._remembered = lru_cache(maxsize=50_000)(self._of)

    def of(self, peer: str, forwarded: bytes | None, fly: bytes | None) -> bytes:
        """The packed address: 4 bytes, or the /64 of an IPv6, which is one subscriber's.

        It is found in the connection's other end, X-Forwarded-For and Fly-Client-IP, the headers as bytes.
        """
        if len(forwarded or b"") + len(fly or b"") > 200:  # anybody may make these up: long ones are not remembered
            return self._of(peer, forwarded, fly)
        return self._remembered(peer, forwarded, fly)

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
