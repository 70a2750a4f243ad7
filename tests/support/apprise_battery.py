"""The process that sends messages through Apprise, with a resolver of its own: every schema to every forbidden address.

Reads {answers, hosts, schemas, port} as JSON: what the name rebind.example resolves to, and hosts as they are. Writes
what became of each message as {"schema name": problem}, and under "connections" the addresses that a socket would have
been connected to.
"""

import ipaddress
import json
import socket
import sys
from typing import Any

from apprise.manager_plugins import NotificationManager

from app.webhooks import apprise_process
from app.webhooks.apprise_process import Guard, Report


def main() -> None:
    """Send all of them."""
    task = json.load(sys.stdin)
    NotificationManager().load_modules()  # type: ignore[no-untyped-call]
    connections: list[Any] = []
    answer: list[str] = []

    resolve = socket.getaddrinfo

    def getaddrinfo(host: Any, port: Any, *more: Any, **options: Any) -> list[Any]:
        if host != "rebind.example":
            return resolve(host, port, *more, **options)
        rows = [(address, 6 if ":" in address else 4) for address in answer]
        if not rows:
            raise socket.gaierror(socket.EAI_NONAME, "no such name")
        return [
            (socket.AF_INET6 if version == 6 else socket.AF_INET, socket.SOCK_STREAM, 6, "",
             (address, port, *((0, 1) if version == 6 else ())))
            for address, version in rows
        ]  # fmt: skip

    def record(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "socket.connect":
            connections.append(arguments[1][0])
            raise ConnectionRefusedError  # nothing leaves a test

    socket.getaddrinfo = getaddrinfo
    guard, report = Guard([ipaddress.ip_network("10.99.0.0/16")]), Report()
    report.limit()
    sys.addaudithook(guard)
    sys.addaudithook(record)  # after the guard: of what it refuses it hears nothing
    results: dict[str, Any] = {}
    for schema in task["schemas"]:
        hosts = [(name, "rebind.example", each) for name, each in task["answers"].items()]
        for name, host, answer[:] in [*hosts, *((host, host, ()) for host in task["hosts"])]:
            guard.problem = report.problem = report.status = None
            url = f"{schema}://user:secret@{host}:{task['port']}/one/two?from=a@b.example&to=c@d.example"
            results[f"{schema} {name}"] = apprise_process.send(url, "Title", "Body", guard, report)
    print(json.dumps({**results, "connections": connections}))


if __name__ == "__main__":
    main()
