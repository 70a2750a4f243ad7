"""Issues at GitHub, GitLab and Forgejo: one client, and a table of what differs between them."""

import contextlib
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeGuard
from urllib.parse import quote, urlencode

import msgspec

from app.config.parse import Network
from app.text.strict_json import UNREADABLE
from app.webhooks import request
from app.webhooks.problems import PROBLEMS, Problem

PAGE, MOST_PAGES = 50, 10  # of issues among which the marker is looked for
LIMIT_SECONDS = 60.0  # that GitHub asks for where an answer does not
MESSAGE_BYTES = 10_000  # of an answer in which its reason is looked for
# What the panel says, beside PROBLEMS; after one of PAUSES the tracker waits for another token or installation.
ISSUE_PROBLEMS = {
    **PROBLEMS,
    "revoked": Problem("The token was refused: it may have expired, or been revoked.", is_final=True),
    "missing": Problem("The repository was not found, or the token may not read its issues.", is_final=True),
    "forbidden_issue": Problem("The token may not open issues in this repository.", is_final=True),
    "refused": Problem("The forge refused the issue. Check its labels and template.", is_final=True),
    "rate_limit": Problem("The forge asked to wait."),
    "answer": Problem("The answer of the forge could not be read."),
    "secret": Problem("The token cannot be decrypted. Enter it again.", is_final=True),
    "uninstalled": Problem("The GitHub App is no longer installed there.", is_final=True),
    "suspended": Problem("The GitHub App is suspended there.", is_final=True),
    "permissions": Problem(
        "The GitHub App may not write issues there. Accept its permissions at GitHub, and add the repository.",
        is_final=True,
    ),
    "app": Problem("GitHub refused the key of the GitHub App. Its operator must check the settings."),
    "code": Problem("GitHub did not confirm who you are. Connect again.", is_final=True),
}


PAUSES = ("revoked", "secret", "uninstalled", "suspended")


class ForgeError(Exception):
    """A request to a forge failed; its text is a name of ISSUE_PROBLEMS. `retry_after` is in seconds."""

    def __init__(self, problem: str, retry_after: float | None = None) -> None:
        super().__init__(problem)
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class Repository:
    """Where issues are opened: `url` of the forge, `path` such as owner/repository."""

    type: str
    url: str
    path: str
    token: str


@dataclass(frozen=True, slots=True)
class RemoteIssue:
    """An issue as its forge has it."""

    number: str
    url: str
    is_closed: bool


@dataclass(frozen=True, slots=True)
class Forge:
    """What one kind of forge calls things: its API, how a token signs in, and the members of an issue."""

    name: str
    default_url: str
    issues: Callable[[str, str], str]  # of url and path: the address of its issues
    headers: Callable[[str], dict[str, str]]
    number: str
    link: str
    text: str
    since: str  # the parameter for issues since a time
    page_size: str
    filter: Mapping[str, str]
    token_hint: str
    signature: str  # the header of its posts
    delivery: str


def github_api(url: str) -> str:
    """The API of github.com, or of GitHub Enterprise Server."""
    return "https://api.github.com" if url == "https://github.com" else f"{url}/api/v3"


def github_headers(token: str) -> dict[str, str]:
    """What signs in to it."""
    accept = {"accept": "application/vnd.github+json", "x-github-api-version": "2022-11-28"}
    return {"authorization": f"Bearer {token}", **accept}


FORGES = {
    "github": Forge(
        "GitHub", "https://github.com", lambda url, path: f"{github_api(url)}/repos/{path}/issues", github_headers,
        "number", "html_url", "body", "since", "per_page", {"state": "all"},
        "A fine-grained token of this repository that may read and write issues.", "x-hub-signature-256",
        "x-github-delivery",
    ),
    "gitlab": Forge(
        "GitLab", "https://gitlab.com",
        lambda url, path: f"{url}/api/v4/projects/{quote(path, safe='')}/issues",
        lambda token: {"private-token": token},
        "iid", "web_url", "description", "created_after", "per_page", {"scope": "all"},
        "A project access token with the role Reporter and the scope api.", "x-gitlab-token", "x-gitlab-event-uuid",
    ),
    "forgejo": Forge(
        "Forgejo", "https://codeberg.org",
        lambda url, path: f"{url}/api/v1/repos/{path}/issues",
        lambda token: {"authorization": f"token {token}"},
        "number", "html_url", "body", "since", "limit", {"state": "all", "type": "issues"},
        "A token that may read and write issues.", "x-forgejo-signature", "x-forgejo-delivery",
    ),
}  # fmt: skip


class Client:
    """Requests to the API of a repository's forge, through the guard that webhooks go through."""

    def __init__(self, repository: Repository, networks: Sequence[Network]) -> None:
        self._forge, self._networks = FORGES[repository.type], networks
        self._repository, self._type = repository, repository.type
        self._issues = self._forge.issues(repository.url.rstrip("/"), repository.path)

    async def issue(self, number: str) -> RemoteIssue:
        """An issue as it is now.

        Raises:
            ForgeError: it could not be read.
        """
        return self._issue(await self._send("GET", f"{self._issues}/{quote(number, safe='')}"))

    async def marked(self, marker: str, since: datetime) -> RemoteIssue | None:
        """The first issue since a time whose text has a marker.

        Raises:
            ForgeError: the issues could not be read.
        """
        query = {**self._forge.filter, self._forge.since: since.strftime("%Y-%m-%dT%H:%M:%SZ")}
        for page in range(1, MOST_PAGES + 1):
            part = urlencode({**query, "page": page, self._forge.page_size: PAGE})
            rows = await self._send("GET", f"{self._issues}?{part}")
            if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
                raise ForgeError("answer")
            for row in rows:
                if marker in str(row.get(self._forge.text) or "") and "pull_request" not in row:
                    return self._issue(row)
            if not rows:
                return None
        return None

    async def create(self, title: str, body: str, labels: Sequence[str]) -> RemoteIssue:
        """Open an issue.

        Raises:
            ForgeError: it was refused, or it is unknown whether it was opened.
        """
        value: dict[str, Any] = {"title": title, self._forge.text: body}
        if labels:
            value["labels"] = await self._labels(labels)
        return self._issue(await self._send("POST", self._issues, value))

    async def _labels(self, names: Sequence[str]) -> Any:
        if self._type == "gitlab":
            return ",".join(names)
        if self._type == "github":
            return list(names)
        # Forgejo takes ids; a label that the repository does not have is left out.
        rows = await self._send("GET", f"{self._issues.removesuffix('/issues')}/labels?limit={PAGE}")
        if not isinstance(rows, list):
            raise ForgeError("answer")
        return [row.get("id") for row in rows if isinstance(row, dict) and row.get("name") in names]

    def _issue(self, row: Any) -> RemoteIssue:
        number, link = (row.get(self._forge.number), row.get(self._forge.link)) if isinstance(row, dict) else ("", "")
        if not is_number(number) or not is_link(link):
            raise ForgeError("answer")
        return RemoteIssue(str(number), link, row.get("state") == "closed")

    async def _send(self, method: str, url: str, value: Any = None) -> Any:
        body = None if value is None else msgspec.json.encode(value)
        headers = {"content-type": "application/json", **self._forge.headers(self._repository.token)}
        answer = await request.fetch(method, url, body, headers, self._networks)
        if (seconds := limit_seconds(answer)) is not None:
            raise ForgeError("rate_limit", seconds)
        if problem := answer.problem or _problem(answer.status or 0, method):
            raise ForgeError(problem, retry_after(answer.headers))
        try:
            return msgspec.json.decode(answer.body)
        except UNREADABLE:
            raise ForgeError("answer") from None


def is_number(value: Any) -> bool:
    """Whether a value is the number of an issue."""
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value < 10**18


def is_link(value: Any) -> TypeGuard[str]:
    """Whether a value is a link to an issue that can be stored."""
    return (
        isinstance(value, str)
        and len(value) <= 1000
        and value.isprintable()
        and value.startswith(("https://", "http://"))
    )


def _problem(status: int, method: str) -> str | None:
    if 200 <= status < 300:
        return None
    if status >= 500:
        return "server_error"
    by_status = {401: "revoked", 404: "missing", 410: "missing"}
    if status == 403:
        return "forbidden_issue" if method == "POST" else "missing"
    return by_status.get(status) or ("redirect" if status < 400 else "refused")


def limit_seconds(answer: request.Fetched) -> float | None:
    """How long a forge that limits requests asks to wait; None for any other answer."""
    seconds = retry_after(answer.headers)
    # Of a secondary limit, GitHub may say so in the message only.
    if answer.status == 429 or (
        answer.status == 403 and (seconds is not None or b"rate limit" in answer.body[:MESSAGE_BYTES].lower())
    ):
        return LIMIT_SECONDS if seconds is None else seconds
    return None


def retry_after(headers: Mapping[str, str]) -> float | None:
    """In how many seconds the forge may be asked again; None where it asks for no pause."""
    with contextlib.suppress(ValueError):
        if "retry-after" in headers:
            return max(0.0, float(headers["retry-after"]))
        for prefix in ("x-ratelimit-", "ratelimit-"):
            if headers.get(f"{prefix}remaining", "").strip() == "0":
                return max(1.0, float(headers.get(f"{prefix}reset", "")) - time.time())
    return None
