"""The GitHub App of this server: its tokens for repositories, and which repositories a person may connect."""

import asyncio
import base64
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import msgspec
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from app.config import Settings
from app.text.strict_json import UNREADABLE
from app.webhooks import request
from app.webhooks.forges import MESSAGE_BYTES, ForgeError, github_api, github_headers, limit_seconds, retry_after

JWT_SECONDS = 540  # GitHub takes at most ten minutes
EARLY_SECONDS = 300  # before a token expires it is replaced
TOKEN_SECONDS = 3600
LIST_SECONDS = 20  # for all that a person waits for
PAGE, MOST_PAGES = 100, 10


@dataclass(frozen=True, slots=True)
class InstalledRepository:
    """A repository in which the App is installed, such as owner/repository."""

    installation_id: int
    path: str


@dataclass(frozen=True, slots=True)
class RepositoryList:
    """Repositories, sorted by path; `is_cut` where there may be more."""

    repositories: list[InstalledRepository]
    is_cut: bool


def is_configured(settings: Settings) -> bool:
    """Whether there is an App."""
    return bool(
        settings.github_app_id and settings.github_app_slug and settings.github_app_private_key
        and settings.github_app_client_id and settings.github_app_client_secret and settings.github_app_webhook_secret
    )  # fmt: skip


def authorize_url(settings: Settings, state: str) -> str:
    """Where a person lets the App see which of its installations are theirs."""
    query = {"client_id": settings.github_app_client_id, "state": state, "redirect_uri": callback_url(settings)}
    return f"{settings.github_app_url}/login/oauth/authorize?{urlencode(query)}"


def install_url(settings: Settings) -> str:
    """Where the App is installed."""
    return f"{settings.github_app_url}/apps/{settings.github_app_slug}/installations/new"


def callback_url(settings: Settings) -> str:
    """Where GitHub sends a person back to."""
    return f"{settings.base_url}/github/callback"


async def repositories(settings: Settings, code: str) -> RepositoryList:
    """The repositories of the App's installations to which the person with this code may write.

    Only GitHub can say so: the id of an installation proves nothing, since anybody can enter it.

    Raises:
        ForgeError: `code` for one that is not valid, or another problem of the request.
    """
    results: list[InstalledRepository] = []
    try:
        async with asyncio.timeout(LIST_SECONDS):
            is_cut = await _add_repositories(settings, await _person_token(settings, code), results)
    except TimeoutError:
        if not results:
            raise ForgeError("timeout") from None
        is_cut = True
    return RepositoryList(sorted(results, key=lambda each: each.path.lower()), is_cut)


async def _person_token(settings: Settings, code: str) -> str:
    value = {
        "client_id": settings.github_app_client_id, "client_secret": settings.github_app_client_secret, "code": code,
        "redirect_uri": callback_url(settings),
    }  # fmt: skip
    url = f"{settings.github_app_url}/login/oauth/access_token"
    answer = await _send(settings, "POST", url, {"accept": "application/json"}, value)
    token = answer.get("access_token") if isinstance(answer, dict) else None
    if not isinstance(token, str):
        raise ForgeError("code")
    return token


async def _add_repositories(settings: Settings, token: str, results: list[InstalledRepository]) -> bool:
    # Adds them one by one, so that those are there that came in time; returns whether there may be more.
    api, headers = github_api(settings.github_app_url), github_headers(token)
    rows, is_cut = await _list(settings, f"{api}/user/installations", headers, "installations")
    for row in rows:
        id = row.get("id")
        if row.get("app_id") != settings.github_app_id or row.get("suspended_at") or not isinstance(id, int):
            continue
        url = f"{api}/user/installations/{id}/repositories"
        repositories, is_part = await _list(settings, url, headers, "repositories")
        is_cut = is_cut or is_part
        for each in repositories:
            rights = each.get("permissions")
            if isinstance(rights, dict) and rights.get("push") is True and each.get("has_issues") is not False:
                results.append(InstalledRepository(id, str(each.get("full_name"))))
    return is_cut


class AppTokens:
    """Access tokens of installations, each for the issues of one repository, until shortly before they expire."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._tokens: dict[tuple[int, str], tuple[str, float]] = {}

    async def token(self, installation_id: int, path: str) -> str:
        """A token that works for five minutes at least.

        Raises:
            ForgeError: `uninstalled`, `suspended`, `permissions`, `app` where the key was refused, or another problem.
        """
        token, until = self._tokens.get((installation_id, path), ("", 0.0))
        if time.monotonic() < until:
            return token
        if not is_configured(self._settings):
            raise ForgeError("app")
        url = f"{github_api(self._settings.github_app_url)}/app/installations/{installation_id}/access_tokens"
        value = {"repositories": [path.partition("/")[2]], "permissions": {"issues": "write"}}
        answer = await _send(self._settings, "POST", url, github_headers(_jwt(self._settings)), value, PROBLEMS)
        fresh = answer.get("token") if isinstance(answer, dict) else None
        if not isinstance(fresh, str) or not fresh.isascii():
            raise ForgeError("answer")
        if len(self._tokens) > 1000:
            self._tokens.clear()
        self._tokens[installation_id, path] = (fresh, time.monotonic() + TOKEN_SECONDS - EARLY_SECONDS)
        return fresh

    def forget(self, installation_id: int, path: str) -> None:
        """Get another token the next time."""
        self._tokens.pop((installation_id, path), None)


# Of requests for a person, and of one for a token, by status.
USER_PROBLEMS = {401: "code", 403: "code"}
PROBLEMS = {401: "app", 403: "suspended", 404: "uninstalled", 422: "permissions"}


def _jwt(settings: Settings) -> str:
    key = load_pem_private_key(settings.github_app_private_key.encode(), None)
    assert isinstance(key, RSAPrivateKey)  # the setting was checked
    now = int(time.time())
    parts: list[Mapping[str, Any]] = [
        {"alg": "RS256", "typ": "JWT"}, {"iat": now - 60, "exp": now + JWT_SECONDS, "iss": str(settings.github_app_id)},
    ]  # fmt: skip
    content = b".".join(_base64(msgspec.json.encode(part)) for part in parts)
    return b".".join((content, _base64(key.sign(content, PKCS1v15(), SHA256())))).decode()


def _base64(value: bytes) -> bytes:
    return base64.urlsafe_b64encode(value).rstrip(b"=")


async def _list(
    settings: Settings, url: str, headers: Mapping[str, str], name: str
) -> tuple[list[dict[str, Any]], bool]:
    # The rows, and whether there may be more.
    rows: list[dict[str, Any]] = []
    for page in range(1, MOST_PAGES + 1):
        answer = await _send(settings, "GET", f"{url}?per_page={PAGE}&page={page}", headers)
        part = answer.get(name) if isinstance(answer, dict) else None
        if not isinstance(part, list) or not all(isinstance(row, dict) for row in part):
            raise ForgeError("answer")
        rows += part
        if len(part) < PAGE:
            return rows, False
    return rows, True


async def _send(
    settings: Settings, method: str, url: str, headers: Mapping[str, str], value: Any = None,
    problems: Mapping[int, str] = USER_PROBLEMS,
) -> Any:  # fmt: skip
    body = None if value is None else msgspec.json.encode(value)
    names = {"content-type": "application/json", **headers}
    answer = await request.fetch(method, url, body, names, settings.webhook_networks)
    status = answer.status or 0
    if answer.problem:
        raise ForgeError(answer.problem)
    if (seconds := limit_seconds(answer)) is not None:
        raise ForgeError("rate_limit", seconds)
    if not 200 <= status < 300:
        problem = "server_error" if status >= 500 else problems.get(status, "answer")
        # A project whose App is suspended waits until it is connected again.
        if problem == "suspended" and b"suspended" not in answer.body[:MESSAGE_BYTES].lower():
            problem = "app"
        raise ForgeError(problem, retry_after(answer.headers))
    try:
        return msgspec.json.decode(answer.body)
    except UNREADABLE:
        raise ForgeError("answer") from None
