"""Schemas of Apprise that are allowed: all whose plugins send by requests, and none that could send otherwise."""

import ast
import inspect
from pathlib import Path

import pytest
from apprise.manager_plugins import NotificationManager

from app.webhooks.apprise_schemas import SCHEMAS

# What opens connections, files of others or programs beside requests, whose adapter is limited.
OTHER = {
    "asyncio", "ctypes", "dbus", "ftplib", "gi", "gntp", "hid", "http", "httpx", "imaplib", "multiprocessing", "paho",
    "poplib", "select", "selectors", "slixmpp", "smpplib", "smtplib", "socket", "socketserver", "ssl", "subprocess",
    "syslog", "telnetlib", "urllib.request", "urllib3", "websocket", "websockets", "xmlrpc",
}  # fmt: skip


def imported(plugin: type) -> set[str]:
    """The modules that the files of a plugin import, anywhere in them."""
    names: set[str] = set()
    for parent in plugin.__mro__:
        file = inspect.getsourcefile(parent) if parent.__module__.startswith("apprise.plugins.") else None
        if file is None or file.endswith("plugins/base.py"):
            continue
        own = Path(file)
        for path in [own] if own.parent.name == "plugins" else own.parent.glob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Import):
                    names |= {alias.name for alias in node.names}
                elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
                    names.add(node.module)
    return names


@pytest.mark.filterwarnings("ignore:'imghdr':DeprecationWarning")
def test_schemas_are_those_that_send_by_http() -> None:
    manager = NotificationManager()  # type: ignore[no-untyped-call]
    manager.load_modules()  # type: ignore[no-untyped-call]
    expected = set()
    for schema in manager.schemas():  # type: ignore[no-untyped-call]
        names = imported(manager[schema])
        if "requests" in names and not {part for name in names for part in (name, name.split(".")[0])} & OTHER:
            expected.add(schema)
    assert expected == SCHEMAS
    assert not SCHEMAS & {"mailto", "irc", "mqtt", "amqp", "smpp", "aprs", "xmpp", "rsyslog", "syslog", "growl", "dbus"}
