"""Answers only for host names that are ours.

A page of another site can lead its own name to this machine (DNS rebinding) and would then share our origin.
"""

import ipaddress
import json
import re
from typing import Any
from urllib.parse import unquote, urlsplit

from app.config import Settings
from app.errors import FeelbackError

HOST = re.compile(r"(?:[0-9a-z_-]+(?:\.[0-9a-z_-]+)*|\[[0-9a-f:.]+\])\.?(?::[0-9]{1,5})?")
ABSOLUTE = re.compile(rb"https?://([^/]*)(.*)", re.IGNORECASE | re.DOTALL)
MOST_SPELLINGS = 100  # of our hosts, with their ports, that are recognised without parsing
PROBES = ("/healthz", "/readyz")  # load balancers address machines by number; these tell a browser nothing


class HostCheck:
    """An ASGI application that answers 421 for other hosts, and passes everything else to `inner`.

    Ours are the host of BASE_URL, ALLOWED_HOSTS, and loopback names if only this machine can connect. Ports do not
    matter, as a proxy may have another one. `/healthz` and `/readyz` are answered for every host, as is `/metrics`,
    which is in front of this and wants a token.
    """

    def __init__(self, inner: Any, settings: Settings) -> None:
        self.inner = inner
        own = _name(urlsplit(settings.base_url).netloc.rpartition("@")[2])
        self._names = {own, *settings.allowed_hosts}
        self._is_local = is_loopback(settings.host) or is_loopback(own)
        self._accepted: set[bytes] = set()
        self._take = getattr(inner, "take", None)
        self.answer = getattr(inner, "answer", None)

    def take(self, scope: Any) -> Any:
        """The request whose head is `scope`, if `answer` is for it: of a host that has been checked before."""
        request = self._take(scope) if self._take is not None else None
        return request if request is not None and request.headers.get(b"host") in self._accepted else None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            accepted = self._accepted
            hosts = [value for name, value in scope["headers"] if name == b"host" and value not in accepted]
            if scope["raw_path"][:1] != b"/" and (absolute := ABSOLUTE.fullmatch(scope["raw_path"])):
                hosts.append(absolute[1])  # RFC 9112, section 3.2.2
                path = absolute[2] or b"/"
                scope = {**scope, "raw_path": path, "path": unquote(path.decode("latin-1"))}
            if hosts and scope["path"] not in PROBES:
                if not all(map(self.is_ours, hosts)):
                    await _refuse(scope, send)
                    return
                if len(self._accepted) < MOST_SPELLINGS:
                    self._accepted.update(hosts)
        await self.inner(scope, receive, send)

    def is_ours(self, host: bytes) -> bool:
        """Whether a Host header names this installation. A request without one is of no browser, and is ours."""
        text = host.decode("latin-1").lower()
        if not HOST.fullmatch(text):
            return False
        name = _name(text)
        return name in self._names or (self._is_local and is_loopback(name))


def is_loopback(host: str) -> bool:
    """Whether a host name or address leads only to the machine itself."""
    try:
        return host == "localhost" or ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _name(host: str) -> str:
    """A host as browsers send it, without its port: lower case, in ASCII, IPv6 in brackets."""
    name = re.sub(r":[0-9]*$", "", host.lower()).rstrip(".")
    try:
        return name if name.isascii() else name.encode("idna").decode()
    except UnicodeError:
        return name


async def _refuse(scope: Any, send: Any) -> None:
    error = FeelbackError(
        421,
        "This server does not answer for this host name.",
        hint="Use the host of BASE_URL, or add the name to ALLOWED_HOSTS.",
    )
    if scope["path"].startswith(("/v0/", "/v1/")):
        kind, body = b"application/json", json.dumps(error.body()).encode()
    else:
        kind, body = b"text/plain; charset=utf-8", f"{error.text}\n".encode()
    headers = [
        (b"content-type", kind),
        (b"content-length", b"%d" % len(body)),
        (b"cache-control", b"no-store"),
        (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
        (b"x-content-type-options", b"nosniff"),
    ]
    await send({"type": "http.response.start", "status": 421, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})
