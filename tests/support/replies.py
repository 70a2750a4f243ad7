"""Replies to a message of the demo, and the mails that they become."""

import re
import uuid
from email.message import EmailMessage

import asyncpg

from app.config import Settings
from tests.support import outbox
from tests.support.browser import Browser
from tests.support.drive_inbox import PAGE, ids, post
from tests.support.mail_worker import to
from tests.support.smtp_server import Box

Pool = asyncpg.Pool
CONTACT = "ada+help@example.com"
WORDS = "The export button\ndoes nothing <b>"


async def message(pool: "Pool[asyncpg.Record]", contact: str | None = CONTACT, words: str = WORDS) -> str:
    """The id of the demo's newest message, which has this contact and no other address."""
    (id,) = await ids(pool, 1)
    await pool.execute(
        "update response set contact = $2, body = $3, fields = null, context = '{}' where id = $1",
        uuid.UUID(id), contact, words,
    )  # fmt: skip
    return id


async def reply(owner: Browser, id: str, text: str = "We look at it.", status: int = 303, **form: str) -> None:
    pairs = [("reply", text), ("ids", id), ("back", id), *form.items()]
    await post(owner, f"{PAGE}/{id}/replies", *pairs, status=status)


async def sent(pool: "Pool[asyncpg.Record]", settings: Settings, box: Box) -> tuple[str | None, EmailMessage | None]:
    """The outcome of the next mail, and the mail that arrived last."""
    async with to(f"smtp://127.0.0.1:{box.port}") as transport:
        outcome = await outbox.send_one(pool, settings, transport)
    return outcome, box.messages[-1][1] if box.messages else None


def opt_out_path(mail: EmailMessage) -> str:
    link = re.fullmatch(r"<http://localhost:8000(/unsubscribe/replies/[^>]+)>", mail["List-Unsubscribe"])
    assert link
    return link[1]
