"""Messages to services that Apprise knows, each sent by a process of its own (app/webhooks/apprise_process.py)."""

import asyncio
import contextlib
import importlib.util
import json
import re
import sys
import time
from collections.abc import Sequence
from functools import cache
from uuid import UUID

from app.config import child_environ, keys
from app.config.parse import Network
from app.errors import FeelbackError
from app.webhooks.apprise_schemas import SCHEMAS
from app.webhooks.request import SECONDS, Answer, retry_seconds
from app.webhooks.signature import about

COMMAND = [sys.executable, "-P", "-m", "app.webhooks.apprise_process"]
START_SECONDS = 30  # until it is ready: it loads a hundred modules
MOST_OUTPUT = 65_536
MOST_URL_BYTES = 1000
URL = re.compile(r"([a-z][a-z0-9+.-]{1,30})://[^\s\x00-\x1f]+", re.IGNORECASE)


@cache
def is_installed() -> bool:
    """Whether Apprise is, which is an optional extra."""
    return importlib.util.find_spec("apprise") is not None


def check_url(url: str) -> None:
    """Check what can be checked of an Apprise URL before a message is sent. The errors do not contain it.

    Raises:
        FeelbackError: 422.
    """
    if not is_installed():
        raise FeelbackError(
            422, "Apprise is not installed on this server.", hint="Its operator can install it: see /docs/destinations."
        )
    match = URL.fullmatch(url)
    if match is None or len(url.encode()) > MOST_URL_BYTES:
        raise FeelbackError(422, "The URL must be one of Apprise, such as ntfy://…, of at most 1,000 bytes.")
    if match[1].lower() not in SCHEMAS:
        raise FeelbackError(
            422, "The URL must be of a service that Apprise reaches by HTTPS.", hint="For email choose the type email."
        )


def encrypted_url(secret_key: str, destination_id: UUID, url: str) -> bytes:
    """A URL as the database has it: it has the secrets of its service."""
    return keys.encrypt(secret_key, about(destination_id), url.encode(), MOST_URL_BYTES)


async def post(
    url: str, title: str, body: str, networks: Sequence[Network] = (), *, seconds: float = SECONDS
) -> Answer:  # fmt: skip
    """Send a message, and end the process that does it after `seconds` at the latest.

    `networks` are for tests alone. Those that are allowed for webhooks are not given: a plugin can send any method and
    header, unsigned, and its answer is shown.
    """
    task = {"url": url, "title": title, "body": body, "networks": [str(network) for network in networks]}
    # Nothing of this process's environment: neither its secrets nor its proxies.
    environ = {"PYTHONPATH": child_environ()["PYTHONPATH"], "PYTHONDONTWRITEBYTECODE": "1", "LANG": "C.UTF-8"}
    process = await asyncio.create_subprocess_exec(
        *COMMAND, env=environ, cwd="/", stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL, limit=MOST_OUTPUT,
    )  # fmt: skip
    assert process.stdin is not None
    assert process.stdout is not None
    begun = time.monotonic()
    result: list[object] = ["service", None, None, None]
    is_ready = False
    try:
        with contextlib.suppress(ConnectionError):  # it ended: it says nothing either
            process.stdin.write(json.dumps(task).encode())
            process.stdin.write_eof()
            await process.stdin.drain()
        async with asyncio.timeout(START_SECONDS):
            is_ready = await process.stdout.readline() == b"ready\n"
        begun = time.monotonic()
        if is_ready:
            async with asyncio.timeout(seconds):
                result = json.loads(await process.stdout.readline())
    except TimeoutError:
        result[0] = "timeout" if is_ready else "not_started"
    except ValueError:  # it ended before it said what became of the message
        pass
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()
    problem, status, text, after = result
    return Answer(
        str(problem) if problem else None, status if isinstance(status, int) else None, str(text) if text else None,
        retry_seconds(str(after or "")), round((time.monotonic() - begun) * 1000),
    )  # fmt: skip
