"""Sends what is due through a mail server that fails as told."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from app.mail import smtp
from tests.support.faulty_smtp import Fault, FaultyServer

QUICK, PATIENT = smtp.Timeouts(*[1] * 5), smtp.Timeouts(*[60] * 5)


@asynccontextmanager
async def failing(
    *faults: Fault, timeouts: smtp.Timeouts | None = None
) -> AsyncIterator[tuple[FaultyServer, smtp.Smtp]]:
    """A server with these faults, one a mail and then none; and a transport that waits a second where it hangs."""
    left, hangs = list(faults), any(fault.action == "hang" for fault in faults)
    limits = timeouts or (QUICK if hangs else PATIENT)
    async with FaultyServer(lambda: left.pop(0) if left else Fault()).serving() as server:
        transport = smtp.Smtp(f"smtp://127.0.0.1:{server.port}", 1000, timeouts=limits)
        yield server, transport
        await transport.close()
