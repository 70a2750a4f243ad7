"""A test client that behaves like a browser: opens pages, sends their forms, keeps cookies."""

import html
import re
import secrets
from hashlib import sha256
from html.parser import HTMLParser
from typing import Any
from uuid import UUID

import asyncpg
from quart import Quart, Response

TOKEN = re.compile(r'name="csrf"\s+value="([^"]+)"')


class Forms(HTMLParser):
    """The forms of a page by their action, each with its fields' names and values."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: dict[str, dict[str, str]] = {}
        self._form: dict[str, str] = {}
        self._field = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        if tag == "form":
            self._form = self.forms.setdefault(attributes.get("action") or "", {})
        elif tag == "input" and (attributes.get("type") not in ("checkbox", "radio") or "checked" in attributes):
            self._form[attributes.get("name") or ""] = attributes.get("value") or ""
        elif tag in ("select", "textarea"):
            self._field = attributes.get("name") or ""
            self._form[self._field] = ""
            self._first = True
        elif tag == "option" and ("selected" in attributes or self._first):
            self._form[self._field], self._first = attributes.get("value") or "", False

    def handle_data(self, data: str) -> None:
        if self._field and self.lasttag == "textarea":
            self._form[self._field] += data


class Browser:
    """A test client that sends the CSRF token of its last page with each form."""

    def __init__(self, app: Quart) -> None:
        self.client = app.test_client()
        self.raw, self.text, self.token = "", "", ""
        self.fields: dict[str, str] = {}

    async def get(self, path: str, **headers: str) -> Response:
        """Open a page; `text` is its unescaped HTML."""
        return await self._keep(await self.client.get(path, headers=headers))

    async def post(self, path: str, form: dict[str, str], **headers: str) -> Response:
        """Send a form of the last page."""
        return await self._keep(
            await self.client.post(
                path, form={"csrf": self.token, **form}, headers={"Origin": "http://localhost", **headers}
            )
        )

    def form(self, action: str) -> dict[str, str]:
        """The fields of the form with that action, as a browser would send them."""
        reader = Forms()
        reader.feed(self.raw)
        self.fields = reader.forms[action]
        return dict(self.fields)

    async def sign_in(self, email: str, password: str, **form: str) -> Response:
        """Open the sign-in page and send its form."""
        await self.get("/sign-in")
        return await self.post("/sign-in", {"email": email, "password": password, **form})

    async def enter(self, pool: "asyncpg.Pool[asyncpg.Record]", person_id: UUID) -> None:
        """Sign a person in without hashing their password, which is slow."""
        token = secrets.token_urlsafe(32)
        await pool.execute("select fn.create_session($1, $2)", person_id, sha256(token.encode()).digest())
        self.client.set_cookie("localhost", "feelback", token)

    async def _keep(self, response: Any) -> Response:
        self.raw = await response.get_data(as_text=True)
        self.text = html.unescape(self.raw)
        match = TOKEN.search(self.text)
        self.token = match[1] if match else self.token
        return response  # type: ignore[no-any-return]
