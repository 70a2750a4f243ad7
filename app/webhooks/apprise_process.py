"""Sends one message through Apprise: `python -P -m app.webhooks.apprise_process`, a process for each message.

Plugins of Apprise open connections by themselves. A hook of Python's audit events sees each of them with the address
that is connected to, which no resolver can change any more. It refuses what must not be reached and all that is not
HTTP, as well as files, programs and listeners. A hook cannot be removed, which is why it has a process of its own.
The only module that imports apprise.

It reads {url, title, body, networks} as JSON, writes a line when it is ready to send, and then what became of it.
"""

import contextlib
import ipaddress
import json
import mimetypes
import os
import resource
import signal
import ssl
import sys
import sysconfig
import time
from collections.abc import Callable, Sequence
from types import FrameType
from typing import Any

import apprise
import certifi
import requests
from apprise.common import PersistentStoreMode
from apprise.manager_plugins import NotificationManager
from urllib3.connection import HTTPConnection, HTTPSConnection

from app.config.parse import Network
from app.webhooks.addresses import is_allowed, is_public
from app.webhooks.problems import status_problem

MOST_BYTES = 65_536  # that are read of an answer
MOST_STORED = 1024
HEAD_SECONDS = 8.0  # to connect, and to the head of an answer
BODY_SECONDS = 1.0  # after it: the status decides
ALARM_SECONDS = 60  # should the worker no longer be there to end it
MOST_MEMORY = 2 << 30
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_TRUNC
# Programs and libraries that are started, and sockets that listen. Modules are loaded before.
REFUSED = (
    "subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.fork", "os.forkpty", "pty.spawn",
    "ctypes.dlopen", "syslog.openlog", "syslog.syslog", "socket.bind", "os.remove", "os.rename", "os.mkdir",
    "os.rmdir", "os.link", "os.symlink", "os.chmod", "os.chown", "os.truncate", "os.kill", "sqlite3.connect",
)  # fmt: skip


class Refused(PermissionError):
    """What a plugin tried and must not. Libraries take it for an error of the network or of a file."""


class Guard:
    """The hook. `problem` is the name of the first thing that was refused (app/webhooks/problems.py).

    `networks` may be reached though they are not public, by plain HTTP too.
    """

    def __init__(self, networks: Sequence[Network]) -> None:
        self.problem: str | None = None
        self._networks = networks
        self._folders, self._files = _readable()
        self._checks: dict[str, Callable[..., None]] = {
            "open": self._open,
            **dict.fromkeys(("socket.connect", "socket.sendto", "socket.sendmsg"), self._connect),
            **dict.fromkeys(REFUSED, self._local),
        }  # fmt: skip

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Raises Refused."""
        check = self._checks.get(event)
        if check is not None:
            check(*arguments)

    def _refuse(self, problem: str) -> None:
        self.problem = self.problem or problem
        raise Refused(problem)

    def _connect(self, socket: Any, address: Any, *_: Any) -> None:
        if address is None:  # of a socket that is connected
            return None
        connection = _http_connection()
        if connection is None:
            return self._refuse("not_http")
        try:
            host = ipaddress.ip_address(address[0].partition("%")[0])
        except (ValueError, TypeError, AttributeError, IndexError):  # a socket in the file system, a name
            return self._refuse("forbidden")
        if is_allowed(host, self._networks):
            return None
        if not is_public(host):
            self._refuse("forbidden")
        if not isinstance(connection, HTTPSConnection):
            self._refuse("plain_service")
        return None

    def _open(self, path: Any, mode: str | None, flags: int) -> None:
        if isinstance(path, int):
            return
        name = os.path.realpath(os.fsdecode(path))
        is_readable = name in self._files or name.startswith(self._folders)
        if name != os.devnull and (flags & WRITES or not is_readable):
            self._refuse("local")

    def _local(self, *_: Any) -> None:
        self._refuse("local")


class Report:
    """The last answer that a plugin got by HTTP, or why it got none.

    There is no text of a success: it may be that of a sign-in, with a token.
    """

    problem: str | None = None
    status: int | None = None
    text: str | None = None
    retry_after: str | None = None

    def limit(self) -> None:
        """Let requests follow no redirect, read no proxy or password of the machine, check every certificate and read
        a part of long answers.
        """
        send = requests.adapters.HTTPAdapter.send

        def limited(adapter: Any, request: Any, *_: Any, **__: Any) -> Any:
            self.problem = self.status = self.text = self.retry_after = None
            try:
                response = send(adapter, request, stream=True, timeout=HEAD_SECONDS, verify=True)
            except requests.RequestException as error:
                self.problem = _connection_problem(error)
                raise
            with contextlib.closing(response):
                response._content = _beginning(response.raw)
            response._content_consumed = True
            self.status = response.status_code
            self.text = None if response.ok else _stored(response.content)
            self.retry_after = response.headers.get("retry-after")
            return response

        requests.adapters.HTTPAdapter.send = limited  # type: ignore[method-assign, assignment]
        requests.Session.trust_env = property(lambda _: False, lambda *_: None)  # type: ignore[assignment]
        requests.sessions.SessionRedirectMixin.get_redirect_target = lambda *_: None  # type: ignore[method-assign]


def send(url: str, title: str, body: str, guard: Guard, report: Report) -> str | None:
    """Send a message. Returns the name of the problem that there was."""
    asset = apprise.AppriseAsset(
        plugin_paths=[], storage_mode=PersistentStoreMode.MEMORY, async_mode=False, http_redirects=False,
        allow_templates=False,
    )  # fmt: skip
    try:
        service = apprise.Apprise.instantiate(url, asset=asset)
        if service is None:
            return guard.problem or "url"
        is_sent = service.notify(body=body, title=title, notify_type="info", body_format="text")
    except Exception:  # of a plugin, whatever it is: its text may have the URL
        is_sent = False
    if is_sent:
        return None
    # The status is that of the last request. What was refused before it, the plugin could do without.
    status_fault = status_problem(report.status) if report.status is not None else None
    return status_fault or guard.problem or report.problem or "service"


def main() -> None:
    """Read what to send, and write what became of it."""
    out = os.fdopen(os.dup(1), "w")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # plugins may print
    for limit, value in (
        (resource.RLIMIT_CORE, 0), (resource.RLIMIT_FSIZE, 0), (resource.RLIMIT_AS, MOST_MEMORY),
    ):  # fmt: skip
        resource.setrlimit(limit, (value, value))
    signal.alarm(ALARM_SECONDS)
    task = json.load(sys.stdin)
    NotificationManager().load_modules()  # type: ignore[no-untyped-call]
    guard, report = Guard([ipaddress.ip_network(text) for text in task["networks"]]), Report()
    report.limit()
    sys.addaudithook(guard)
    print("ready", file=out, flush=True)
    problem = send(task["url"], task["title"], task["body"], guard, report)
    print(json.dumps([problem, report.status, report.text, report.retry_after]), file=out, flush=True)
    os._exit(0)  # threads of plugins are not waited for


def _readable() -> tuple[tuple[str, ...], frozenset[str]]:
    # What Python and its libraries read while they work: modules, certificates, time zones, types of files.
    paths, python = ssl.get_default_verify_paths(), sysconfig.get_paths()
    names = ("stdlib", "purelib", "platlib")
    folders = [
        *(python[name] for name in names), os.path.dirname(os.path.dirname(apprise.__file__)),
        paths.capath, "/usr/share/zoneinfo",
    ]  # fmt: skip
    files = [certifi.where(), paths.cafile, "/etc/localtime", *mimetypes.knownfiles]
    return (
        tuple(os.path.join(os.path.realpath(path), "") for path in folders if path),
        frozenset(os.path.realpath(path) for path in files if path),
    )


def _http_connection() -> HTTPConnection | None:
    # The connection of urllib3 that is being opened: it alone speaks HTTP here, and knows whether TLS follows.
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        if frame.f_code is HTTPConnection._new_conn.__code__:
            connection = frame.f_locals["self"]
            return connection if isinstance(connection, HTTPConnection) else None
        frame = frame.f_back
    return None


def _beginning(raw: Any) -> bytes:
    content, end = bytearray(), time.monotonic() + BODY_SECONDS
    with contextlib.suppress(Exception):  # the status is there
        while len(content) < MOST_BYTES and time.monotonic() < end:
            part = raw.read1(MOST_BYTES - len(content), decode_content=True)
            if not part:
                break
            content += part
    return bytes(content)


def _stored(content: bytes) -> str:
    text = content[:MOST_STORED].decode(errors="replace").replace("\x00", "\ufffd")
    return text.encode()[:MOST_STORED].decode(errors="ignore")


def _connection_problem(error: Exception) -> str:
    if isinstance(error, requests.exceptions.SSLError):
        return "tls"
    if isinstance(error, requests.Timeout):
        return "timeout"
    if "NameResolutionError" in repr(error):
        return "dns"
    return "connect" if isinstance(error, requests.ConnectionError) else "protocol"


if __name__ == "__main__":
    main()
