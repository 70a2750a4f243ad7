"""The answer to whoever asked for a mail: the same, after the same time, whether or not the address is known."""

import asyncio
from collections.abc import Awaitable

from quart import render_template

from app.http.context import settings

ANSWER_SECONDS = 0.3  # longer than it takes to look up, note and enqueue


async def answer(asked: Awaitable[None], email: str) -> str:
    """Waits for what was asked, and until it is time; then says to look for a mail.

    Raises:
        FeelbackError: what is wrong with the address itself.
    """
    loop = asyncio.get_running_loop()
    end = loop.time() + ANSWER_SECONDS
    await asked
    await asyncio.sleep(end - loop.time())
    return await render_template("sign_in/sent.html", email=email, sends=bool(settings().mail_url))
