"""The response to a request for a mail: the same text after the same time, whether or not the address is known."""

import asyncio
from collections.abc import Awaitable

from quart import render_template

from app.http.context import settings

RESPONSE_SECONDS = 0.3  # longer than any of the requests takes


async def respond(request: Awaitable[None], email: str, options: str = "") -> str:
    """Await the request and the rest of RESPONSE_SECONDS, then render "Check your inbox".

    Without a mail server it shows the command that prints a link, with `options`.

    Raises:
        FeelbackError: 422 if the address is invalid.
    """
    loop = asyncio.get_running_loop()
    end = loop.time() + RESPONSE_SECONDS
    await request
    await asyncio.sleep(end - loop.time())
    return await render_template("sign_in/sent.html", email=email, options=options, sends=bool(settings().mail_url))
