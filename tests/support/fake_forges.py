"""GitHub, GitLab and Forgejo on loopback, as far as Feelback talks to them: issues, labels, limits and webhooks."""

import asyncio
import contextlib
import hmac
import json
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

PATH = "acorn/docs"
TOKEN = "a-token-of-the-repository"
# By type: where a repository is, the header of a token, the members number, link and text of an issue.
KINDS = {
    "github": ("/api/v3/repos/acorn/docs", ("authorization", "Bearer {}"), ("number", "html_url", "body")),
    "gitlab": ("/api/v4/projects/acorn/docs", ("private-token", "{}"), ("iid", "web_url", "description")),
    "forgejo": ("/api/v1/repos/acorn/docs", ("authorization", "token {}"), ("number", "html_url", "body")),
}


@dataclass
class Forge:
    """One repository. `answers` are sent instead of its own, each once; with None the request is worked and cut off.

    `message` is what those say that are not of the forge's own.
    """

    type: str
    url: str = ""
    tokens: set[str] = field(default_factory=lambda: {TOKEN})
    issues: list[dict[str, Any]] = field(default_factory=list)
    labels: dict[str, int] = field(default_factory=lambda: {"bug": 3, "feedback": 7})
    requests: list[str] = field(default_factory=list)
    answers: list[tuple[int, dict[str, str]] | None] = field(default_factory=list)
    message: str = "forced"

    @property
    def names(self) -> tuple[str, str, str]:
        return KINDS[self.type][2]

    def add(self, title: str, text: str, labels: Any = None) -> dict[str, Any]:
        """A new issue."""
        number, link, body = self.names
        no = len(self.issues) + 1
        state = "opened" if self.type == "gitlab" else "open"
        issue = {
            number: no, link: f"{self.url}/{PATH}/issues/{no}", body: text, "title": title, "state": state,
            "labels": labels, "updated_at": datetime.now(UTC).isoformat(),
        }  # fmt: skip
        self.issues.append(issue)
        return issue

    def close(self, no: int = 1, *, again: bool = False) -> None:
        """Close an issue, or open it `again`."""
        self.issues[no - 1]["state"] = ("opened" if self.type == "gitlab" else "open") if again else "closed"

    def post(self, secret: str, no: int = 1, action: str = "closed") -> tuple[bytes, dict[str, str]]:
        """What the forge posts about an issue: the body and its headers. The state in it is not looked at."""
        issue = self.issues[no - 1] if no <= len(self.issues) else {self.names[0]: no}
        if self.type == "gitlab":
            value: Any = {"object_kind": "issue", "object_attributes": {**issue, "action": action}}
            headers = {"X-Gitlab-Token": secret, "X-Gitlab-Event-UUID": "1"}
        else:
            value, headers = {"action": action, "issue": issue}, {}
        body = json.dumps(value).encode()
        digest = hmac.digest(secret.encode(), body, "sha256").hex()
        if self.type == "github":
            headers = {"X-Hub-Signature-256": f"sha256={digest}", "X-GitHub-Delivery": "1"}
        elif self.type == "forgejo":
            headers = {"X-Forgejo-Signature": digest, "X-Forgejo-Delivery": "1"}
        return body, {"Content-Type": "application/json", **headers}

    def work(self, method: str, target: str, headers: dict[str, str], body: bytes) -> tuple[int, Any]:
        """The status and value with which a request is answered."""
        base, (header, pattern), _ = KINDS[self.type]
        parts = urlsplit(target)
        path, query = unquote(parts.path), dict(parse_qsl(parts.query))
        if headers.get(header) not in {pattern.format(token) for token in self.tokens}:
            return 401, {"message": "Bad credentials"}
        if path == f"{base}/issues" and method == "GET":
            page, size = int(query["page"]), int(query.get("per_page") or query["limit"])
            assert query["scope" if self.type == "gitlab" else "state"] == "all"
            return 200, self.issues[::-1][(page - 1) * size : page * size]
        if path == f"{base}/issues":
            value = json.loads(body)
            return 201, self.add(value["title"], value[self.names[2]], value.get("labels"))
        if path == f"{base}/labels" and self.type == "forgejo":
            return 200, [{"name": name, "id": id} for name, id in self.labels.items()]
        one = re.fullmatch(re.escape(f"{base}/issues/") + r"(\d+)", path)
        if one and 0 < int(one[1]) <= len(self.issues):
            return 200, self.issues[int(one[1]) - 1]
        return 404, {"message": "Not Found"}

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Read one request and answer it."""
        with contextlib.closing(writer), contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            line, *rest = head.strip().split("\r\n")
            headers = {name.lower(): value for name, value in (each.split(": ", 1) for each in rest)}
            body = await reader.readexactly(int(headers.get("content-length", "0")))
            method, target, _ = line.split(" ")
            self.requests.append(f"{method} {urlsplit(target).path}")
            forced = self.answers.pop(0) if self.answers else (0, {})
            status, value, more = 0, None, {}
            if forced and forced[0]:
                (status, more), value = forced, {"message": self.message}
            else:
                status, value = self.work(method, target, headers, body)
            if forced is None:
                return
            content = json.dumps(value).encode()
            lines = "".join(f"{name}: {text}\r\n" for name, text in more.items())
            writer.write(f"HTTP/1.1 {status} X\r\nContent-Length: {len(content)}\r\n{lines}\r\n".encode() + content)
            await writer.drain()


@contextlib.asynccontextmanager
async def serving_forge(type: str | Forge) -> AsyncIterator[Forge]:
    """A forge, or one of a type, on a free port of 127.0.0.1."""
    forge = Forge(type) if isinstance(type, str) else type
    server = await asyncio.start_server(forge.answer, "127.0.0.1", 0)
    forge.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield forge
    finally:
        server.close()
        await server.wait_closed()
