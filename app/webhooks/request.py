"""One request to an address that a user has chosen."""

import contextlib
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from app.config.parse import Network
from app.webhooks.problems import status_problem

SECONDS = 10  # for all of a request and its answer
MOST_BYTES = 65_536  # that are read of an answer
STORED_BYTES = 1024


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a request: a name of PROBLEMS or None, the status and beginning of the answer, the time it took.

    `retry_after` is the number of seconds that the receiver asks to wait.
    """

    problem: str | None
    status: int | None
    text: str | None
    retry_after: float | None
    duration_ms: int


@dataclass(frozen=True, slots=True)
class Fetched:
    """The answer of an API: a name of PROBLEMS or None, its status, headers in lower case, and whole body."""

    problem: str | None
    status: int | None
    headers: Mapping[str, str]
    body: bytes


async def post(
    url: str, body: bytes, headers: Mapping[str, str], networks: Sequence[Network] = (), *, seconds: float = SECONDS
) -> Answer:
    """Send a JSON body. Redirects are not followed, and no proxy of the environment is used.

    The status decides as soon as it is there: a body that is long or slow is read in part.
    """
    from app.webhooks import exchange

    begun = time.monotonic()
    status, after, text, problem = None, None, bytearray(), None
    names = {"content-type": "application/json", "user-agent": "Feelback-Webhooks/1", **headers}
    try:
        async with exchange.answer("POST", url, body, names, networks, seconds) as answer:
            status, after = answer.status, _retry_after(answer.headers)
            async for part in answer.aiter_stream():
                text += part
                if len(text) >= MOST_BYTES:
                    break
    except exchange.FAULTS as error:
        problem = exchange.problem(error)
    if status is not None:
        problem = status_problem(status)
    stored = bytes(text[:STORED_BYTES]).decode(errors="replace").replace("\x00", "\ufffd")
    return Answer(
        problem,
        status,
        _within(stored) if status is not None else None,
        after,
        round((time.monotonic() - begun) * 1000),
    )


async def fetch(
    method: str, url: str, body: bytes | None, headers: Mapping[str, str], networks: Sequence[Network] = (),
    *, most_bytes: int = 8_388_608, seconds: float = SECONDS,
) -> Fetched:  # fmt: skip
    """Send a request to an API that a user has chosen, as `post` does, and read the whole answer.

    `problem` is about the connection: a status is none. An answer of more than `most_bytes` is the problem `protocol`.
    """
    from app.webhooks import exchange

    text = bytearray()
    try:
        async with exchange.answer(
            method, url, body, {"user-agent": "Feelback/1", **headers}, networks, seconds
        ) as answer:
            async for part in answer.aiter_stream():
                text += part
                if len(text) > most_bytes:
                    return Fetched("protocol", answer.status, {}, b"")
            lines = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in answer.headers}
            return Fetched(None, answer.status, lines, bytes(text))
    except exchange.FAULTS as error:
        return Fetched(exchange.problem(error), None, {}, b"")


def _within(text: str) -> str:
    # A byte that is none becomes three.
    return text.encode()[:STORED_BYTES].decode(errors="ignore")


def _retry_after(headers: Sequence[tuple[bytes, bytes]]) -> float | None:
    return retry_seconds(
        next((value.decode("latin-1") for name, value in headers if name.lower() == b"retry-after"), "")
    )


def retry_seconds(value: str) -> float | None:
    """The seconds that a Retry-After header asks to wait; None if it is none."""
    value = value.strip()
    if value.isascii() and value.isdecimal() and len(value) < 10:
        return float(value)
    with contextlib.suppress(ValueError, TypeError, OverflowError):
        at = parsedate_to_datetime(value)
        return max(0.0, (at.replace(tzinfo=at.tzinfo or UTC) - datetime.now(UTC)).total_seconds())
    return None
