"""What a person does with a browser: open pages, send the forms on them, keep cookies."""

import html
import re
import secrets
from hashlib import sha256
from html.parser import HTMLParser
from typing import Any
from uuid import UUID

import asyncpg
from quart import Quart, Response

PASSWORD = "a-good-password"
TOKEN = re.compile(r'name="csrf"\s+value="([^"]+)"')


class Forms(HTMLParser):
    """The forms of a page by their action, each with its fields' names and values."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: dict[str, dict[str, str]] = {}
        self._form: dict[str, str] = {}
        self._field = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            self._form = self.forms.setdefault(given.get("action") or "", {})
        elif tag == "input" and (given.get("type") not in ("checkbox", "radio") or "checked" in given):
            self._form[given.get("name") or ""] = given.get("value") or ""
        elif tag in ("select", "textarea"):
            self._field = given.get("name") or ""
            self._form[self._field] = ""
            self._first = True
        elif tag == "option" and ("selected" in given or self._first):
            self._form[self._field], self._first = given.get("value") or "", False

    def handle_data(self, data: str) -> None:
        if self._field and self.lasttag == "textarea":
            self._form[self._field] += data


class Browser:
    """A test client that sends the token of the page it saw last, as a form on that page does."""

    def __init__(self, app: Quart) -> None:
        self.client = app.test_client()
        self.raw, self.text, self.token = "", "", ""
        self.sent: dict[str, str] = {}

    async def get(self, path: str, **headers: str) -> Response:
        """Opens a page; `text` is what it says."""
        return await self._seen(await self.client.get(path, headers=headers))

    async def post(self, path: str, form: dict[str, str], **headers: str) -> Response:
        """Sends a form of the page seen last."""
        return await self._seen(
            await self.client.post(
                path, form={"csrf": self.token, **form}, headers={"Origin": "http://localhost", **headers}
            )
        )

    def form(self, action: str) -> dict[str, str]:
        """What the form with that action holds, as a browser would send it."""
        reader = Forms()
        reader.feed(self.raw)
        self.sent = reader.forms[action]
        return dict(self.sent)

    async def sign_in(self, email: str, password: str, **form: str) -> Response:
        """Opens the sign-in page and sends its form."""
        await self.get("/sign-in")
        return await self.post("/sign-in", {"email": email, "password": password, **form})

    async def enter(self, pool: "asyncpg.Pool[asyncpg.Record]", person_id: UUID) -> None:
        """Signs a person in without their password, which takes its time."""
        token = secrets.token_urlsafe(32)
        await pool.execute("select fn.create_session($1, $2)", person_id, sha256(token.encode()).digest())
        self.client.set_cookie("localhost", "feelback", token)

    async def _seen(self, response: Any) -> Response:
        self.raw = await response.get_data(as_text=True)
        self.text = html.unescape(self.raw)
        found = TOKEN.search(self.text)
        self.token = found[1] if found else self.token
        return response  # type: ignore[no-any-return]
