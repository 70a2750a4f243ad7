"""Sends responses at a fixed rate, whatever the server does: a slow answer delays no other request."""

import asyncio
import json
import secrets
import time
from uuid import UUID

from tests.programs.bench.load import BrokenCaseError

CONNECTIONS = 16


async def send(port: int, widget_id: UUID, rate: float, seconds: float) -> list[float]:
    """Latencies in seconds, from when each request was due; every response is of a new visitor.

    Raises:
        BrokenCaseError: a response was refused.
    """
    idle: asyncio.LifoQueue[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = asyncio.LifoQueue()
    for _ in range(CONNECTIONS):
        idle.put_nowait(await asyncio.open_connection("127.0.0.1", port))
    latencies: list[float] = []

    async def one(n: int, due: float) -> None:
        reader, writer = await idle.get()
        body = json.dumps(
            {"widget": str(widget_id), "page": f"/page-{n % 500 + 1}", "value": "+1", "visitor": secrets.token_hex(8)}
        ).encode()
        head = (
            "POST /v1/responses HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n"
            f"content-length: {len(body)}"
        )
        writer.write(head.encode() + b"\r\n\r\n" + body)
        answer = await reader.readuntil(b"\r\n\r\n")
        length = next(line for line in answer.lower().split(b"\r\n") if line.startswith(b"content-length:"))
        text = await reader.readexactly(int(length.partition(b":")[2]))
        latencies.append(time.perf_counter() - due)
        if not answer.startswith(b"HTTP/1.1 201"):
            raise BrokenCaseError(f"A response was refused: {answer.splitlines()[0].decode()} {text.decode()}")
        idle.put_nowait((reader, writer))

    started = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for n in range(round(rate * seconds)):
            due = started + n / rate
            await asyncio.sleep(max(0, due - time.perf_counter()))
            group.create_task(one(n, due))
    while not idle.empty():
        idle.get_nowait()[1].close()
    return latencies


def percentile(latencies: list[float], share: float) -> float:
    """A percentile, in milliseconds."""
    return sorted(latencies)[min(int(share * len(latencies)), len(latencies) - 1)] * 1000
