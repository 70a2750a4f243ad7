"""Sends mails by SMTP. The only module that imports aiosmtplib.

A mail is handed over in phases: connecting, with all commands up to the recipient; the data; the final dot; the answer.
Until the dot the server has nothing, and another attempt is harmless. After it the mail may have arrived, whatever
happens to the connection.
"""

import asyncio
import contextlib
import ipaddress
import re
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import astuple, dataclass
from email.message import EmailMessage
from typing import cast
from urllib.parse import SplitResult, unquote, urlsplit

import aiosmtplib

from app.mail.message import POLICY, MailError

PORTS = {"smtp": 587, "smtps": 465}
BLOCK = 65_536  # bytes
LOOK_SECONDS = 0.02  # between two looks at how much of a block is written
MarkPhase = Callable[[str], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds to wait for the server, by default as RFC 5321, 4.5.3.2 asks.

    `command` is for the greeting and each command, `data` for the answer to DATA, `block` for a block of the message to
    be written, `dot` for the answer to the final dot. `probe` is for an open connection to prove that it still works.
    """

    command: float = 300
    data: float = 120
    block: float = 180
    dot: float = 600
    probe: float = 10

    def scaled(self, factor: float) -> "Timeouts":
        """All of them multiplied by `factor`, for tests."""
        return Timeouts(*(seconds * factor for seconds in astuple(self)))


TIMEOUTS = Timeouts()


class _Refusal(MailError):
    """The server's answer, after which the connection may be used again."""


async def _unmarked(phase: str) -> None:
    """Mark nothing."""


class Smtp:
    """Connections to a mail server, one for each mail in progress. They stay open until `rest` or `close`."""

    def __init__(self, url: str, per_second: int, *, timeouts: Timeouts | None = None) -> None:
        self._url, self._gap, self._timeouts = urlsplit(url), 1 / per_second, timeouts or TIMEOUTS
        self._next = 0.0
        self._idle: list[aiosmtplib.SMTP] = []

    async def send(self, message: EmailMessage, mark_phase: MarkPhase = _unmarked) -> None:
        """Send a message; returns once the server has accepted it.

        `mark_phase` is awaited with `data` before the message is written, and with `dot` before the final dot is. An
        exception from it prevents that.

        Raises:
            MailError: the server did not accept it, or did not answer. Final if it refuses the recipient or message for
                good; down if it is unavailable, refuses us or our sender, or takes too long; and with
                `may_have_arrived` if the final dot was sent and not answered.
        """
        await self._pace()
        client = await self._connection()
        try:
            with _errors():
                await self._write(client, message, mark_phase)
            await self._finish(client, mark_phase)
        except _Refusal as error:
            if error.is_down or not await _reset(client, self._timeouts.probe):
                client.close()
            else:
                self._idle.append(client)
            raise
        except BaseException:
            client.close()
            raise
        self._idle.append(client)

    async def rest(self) -> None:
        """Close the connections that are not in use."""
        while self._idle:
            client = self._idle.pop()
            with contextlib.suppress(aiosmtplib.SMTPException, OSError):
                await client.quit(timeout=min(2, self._timeouts.probe))
            client.close()

    async def close(self) -> None:
        """Close the connections."""
        await self.rest()

    async def _pace(self) -> None:
        now = asyncio.get_running_loop().time()
        start, self._next = self._next, max(self._next, now) + self._gap
        await asyncio.sleep(start - now)

    async def _connection(self) -> aiosmtplib.SMTP:
        while self._idle:
            client = self._idle.pop()
            with contextlib.suppress(aiosmtplib.SMTPException, OSError):
                await client.noop(timeout=self._timeouts.probe)  # the server may have hung up since the last mail
                return client
            client.close()
        client = _client(self._url, self._timeouts.command)
        try:
            with _errors():
                await client.connect()
        except BaseException:
            client.close()
            raise
        return client

    async def _write(self, client: aiosmtplib.SMTP, message: EmailMessage, mark_phase: MarkPhase) -> None:
        """Everything up to the final dot."""
        sender, recipient = (message[name].addresses[0].addr_spec for name in ("From", "To"))
        needs_utf8 = not recipient.isascii()
        if needs_utf8 and not client.supports_extension("smtputf8"):
            raise MailError("the mail server does not support this recipient's address (SMTPUTF8)", is_final=True)
        data = _with_crlf(message.as_bytes(policy=POLICY.clone(utf8=needs_utf8)))
        options = [f"SIZE={len(data)}"] if client.supports_extension("size") else []
        encoding = "utf-8" if needs_utf8 else "ascii"
        await client.mail(sender, options=options + ["SMTPUTF8"] * needs_utf8, encoding=encoding)
        await client.rcpt(recipient, encoding=encoding)
        await mark_phase("data")
        response = await client.execute_command(b"DATA", timeout=self._timeouts.data)
        if response.code != aiosmtplib.SMTPStatus.start_input:
            raise aiosmtplib.SMTPDataError(response.code, response.message)
        data = re.sub(rb"(?m)^\.", b"..", data)  # a line of one dot would end it
        for start in range(0, len(data), BLOCK):
            await self._write_block(client, data[start : start + BLOCK])

    async def _write_block(self, client: aiosmtplib.SMTP, block: bytes) -> None:
        if client.protocol is None or client.transport is None:
            raise aiosmtplib.SMTPServerDisconnected("Connection lost")
        client.protocol.write(block)
        transport = cast(asyncio.WriteTransport, client.protocol.transport)  # with STARTTLS not the first one
        async with asyncio.timeout(self._timeouts.block):
            while client.is_connected and transport.get_write_buffer_size():  # noqa: ASYNC110 - no event says it
                await asyncio.sleep(LOOK_SECONDS)

    async def _finish(self, client: aiosmtplib.SMTP, mark_phase: MarkPhase) -> None:
        """The final dot and its answer."""
        await mark_phase("dot")
        with _errors():
            if not client.is_connected:
                raise aiosmtplib.SMTPServerDisconnected("Connection lost")
        try:
            # From here on it may have arrived: this writes before it waits for anything.
            response = await client.execute_command(b".", timeout=self._timeouts.dot)
        except (aiosmtplib.SMTPException, OSError) as error:
            raise _unanswered(_cause(error)) from None
        if 400 <= response.code < 600:
            raise _refusal(aiosmtplib.SMTPDataError(response.code, response.message), "the mail")
        if not 200 <= response.code < 300:
            raise _unanswered(str(response.code))


def _client(url: SplitResult, seconds: float) -> aiosmtplib.SMTP:
    # A password is sent unencrypted only to this machine. Without one, encryption is used if the server offers it.
    host = url.hostname or ""
    is_local = _is_loopback(host)
    return aiosmtplib.SMTP(
        hostname=host,
        port=url.port or PORTS[url.scheme],
        username=unquote(url.username) if url.username else None,
        password=unquote(url.password) if url.password else None,
        use_tls=url.scheme == "smtps",
        start_tls=False if url.scheme == "smtps" else True if url.password and not is_local else None,
        validate_certs=not is_local,
        timeout=seconds,
    )


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _with_crlf(data: bytes) -> bytes:
    # A lone CR or LF could hide the end of the message from one server and show it to the next.
    data = re.sub(rb"\r\n|\r|\n", b"\r\n", data)
    return data if data.endswith(b"\r\n") else data + b"\r\n"


async def _reset(client: aiosmtplib.SMTP, seconds: float) -> bool:
    """Whether the connection is ready for another mail."""
    try:
        await client.rset(timeout=seconds)
    except (aiosmtplib.SMTPException, OSError):
        return False
    return True


@contextlib.contextmanager
def _errors() -> Iterator[None]:
    """Turn errors before the final dot into MailErrors: nothing has arrived."""
    try:
        yield
    except aiosmtplib.SMTPRecipientRefused as error:
        raise _refusal(error, "the recipient") from None
    except aiosmtplib.SMTPDataError as error:
        raise _refusal(error, "the mail") from None
    except (aiosmtplib.SMTPException, OSError) as error:  # TimeoutError is an OSError
        raise MailError(f"the mail server is unavailable ({_cause(error)})", is_down=True) from None


def _unanswered(cause: str) -> MailError:
    return MailError(
        f"the mail server did not confirm the mail ({cause}): it may have arrived", is_down=True, may_have_arrived=True
    )


def _refusal(error: aiosmtplib.SMTPResponseException, subject: str) -> MailError:
    return _Refusal(
        f"the mail server refused {subject}{_code(error)}", is_final=500 <= error.code < 600, is_down=error.code == 421
    )


def _cause(error: Exception) -> str:
    code = _code(error) if isinstance(error, aiosmtplib.SMTPResponseException) else ""
    return type(error.__cause__ if isinstance(error.__cause__, OSError) else error).__name__ + code


def _code(error: aiosmtplib.SMTPResponseException) -> str:
    # Not the server's text: it may quote an address.
    detail = re.match(r"[245]\.[0-9]{1,3}\.[0-9]{1,3}\b", error.message)
    return f": {error.code} {detail[0]}" if detail else f": {error.code}"
