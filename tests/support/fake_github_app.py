"""GitHub as a GitHub App sees it: people who authorise it, its installations, and tokens of a repository."""

import base64
import contextlib
import hmac
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from tests.support.fake_forges import PATH, Forge, serving_forge

APP_ID, CLIENT_ID, CLIENT_SECRET, HOOK_SECRET = 7, "Iv1.0123456789abcdef", "c" * 40, "h" * 40
KEY = rsa.generate_private_key(65537, 2048)
PEM = KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
ADA = "code-of-ada"


def repository(path: str, *, may_push: bool = True) -> dict[str, Any]:
    """A repository as GitHub lists it."""
    return {"full_name": path, "has_issues": True, "permissions": {"pull": True, "push": may_push}}


@dataclass
class AppForge(Forge):
    """GitHub with the App. `people` are by code: the installations that each sees, with their repositories."""

    people: dict[str, dict[int, list[dict[str, Any]]]] = field(
        default_factory=lambda: {ADA: {11: [repository(PATH), repository("acorn/read", may_push=False)]}}
    )
    suspended: set[int] = field(default_factory=set)
    uninstalled: set[int] = field(default_factory=set)
    app_id: int = APP_ID  # of all installations
    key: rsa.RSAPublicKey = field(default_factory=KEY.public_key)
    minted: int = 0

    def end_tokens(self) -> None:
        """Let no token work that was made until now."""
        self.tokens.clear()

    def work(self, method: str, target: str, headers: dict[str, str], body: bytes) -> tuple[int, Any]:
        """As GitHub answers."""
        path = urlsplit(target).path
        if path == "/login/oauth/access_token":
            return self._person(json.loads(body))
        if path.startswith("/api/v3/app/installations/"):
            return self._token(int(path.split("/")[5]), headers, json.loads(body))
        if path.startswith("/api/v3/user/installations"):
            own = self.people.get(headers["authorization"].removeprefix("Bearer user-"))
            if own is None:
                return 401, {"message": "Bad credentials"}
            page = int(parse_qs(urlsplit(target).query)["page"][0])
            if path.endswith("/repositories"):
                rows = own.get(int(path.split("/")[5]), [])[(page - 1) * 100 : page * 100]
                return 200, {"total_count": len(rows), "repositories": rows}
            rows = [
                {"id": id, "app_id": self.app_id, "suspended_at": "2026-01-01" if id in self.suspended else None}
                for id in own
            ]
            return 200, {"total_count": len(rows), "installations": rows}
        return super().work(method, target, headers, body)

    def _person(self, value: dict[str, Any]) -> tuple[int, Any]:
        assert value["redirect_uri"].endswith("/github/callback")
        if (value["client_id"], value["client_secret"]) != (CLIENT_ID, CLIENT_SECRET) or value[
            "code"
        ] not in self.people:
            return 200, {"error": "bad_verification_code"}
        code = value["code"]
        self.people[f"{code}-used"] = self.people.pop(code)  # a code works once
        return 200, {"access_token": f"user-{code}-used", "token_type": "bearer"}

    def _token(self, id: int, headers: dict[str, str], value: dict[str, Any]) -> tuple[int, Any]:
        content, _, signature = headers["authorization"].removeprefix("Bearer ").rpartition(".")
        claims = json.loads(_decoded(content.split(".")[1]))
        try:
            self.key.verify(_decoded(signature), content.encode(), PKCS1v15(), SHA256())
        except Exception:
            return 401, {"message": "A JSON web token could not be decoded"}
        assert claims["iss"] == str(APP_ID)
        assert claims["exp"] - claims["iat"] <= 600
        if id in self.uninstalled:
            return 404, {"message": "Not Found"}
        if id in self.suspended:
            return 403, {"message": "This installation has been suspended"}
        assert value == {"repositories": [PATH.split("/")[1]], "permissions": {"issues": "write"}}
        self.minted += 1
        self.tokens.add(f"ghs_{self.minted}")
        return 201, {"token": f"ghs_{self.minted}", "expires_at": "2030-01-01T00:00:00Z"}

    def app_post(
        self, action: str, no: int | None = None, *, installation: int = 11, path: str = PATH
    ) -> tuple[bytes, dict[str, str]]:
        """What GitHub posts to the App: about an issue, or without a number about the installation."""
        value: dict[str, Any] = {"action": action, "installation": {"id": installation}}
        if no is not None:
            value |= {"issue": {"number": no}, "repository": {"full_name": path}}
        body = json.dumps(value).encode()
        return body, {
            "Content-Type": "application/json", "X-GitHub-Event": "installation" if no is None else "issues",
            "X-Hub-Signature-256": signed(HOOK_SECRET, body),
        }  # fmt: skip


def signed(secret: str, body: bytes) -> str:
    """The signature of a post."""
    return f"sha256={hmac.digest(secret.encode(), body, 'sha256').hex()}"


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@contextlib.asynccontextmanager
async def serving_app() -> AsyncIterator[AppForge]:
    """GitHub with the App on a free port of 127.0.0.1."""
    async with serving_forge(AppForge("github", tokens=set())) as forge:
        assert isinstance(forge, AppForge)
        yield forge
