"""Sends mails by SMTP. The only module that imports aiosmtplib."""

import asyncio
import contextlib
import ipaddress
import re
from collections.abc import Awaitable, Callable
from email.message import EmailMessage
from urllib.parse import SplitResult, unquote, urlsplit

import aiosmtplib

from app.mail.message import POLICY, MailError

PORTS = {"smtp": 587, "smtps": 465}
SEND_SECONDS = 30  # for one mail in all; its claim lasts much longer
LEAVE_SECONDS = 2


class Smtp:
    """One connection to a mail server, which stays open between mails until `rest` or `close`."""

    def __init__(self, url: str, per_second: int, *, seconds: float = SEND_SECONDS) -> None:
        self._url, self._gap, self._seconds = urlsplit(url), 1 / per_second, seconds
        self._next = 0.0
        self._client: aiosmtplib.SMTP | None = None
        self._turn = asyncio.Lock()

    async def send(self, message: EmailMessage, on_ready: Callable[[], Awaitable[None]] | None = None) -> None:
        """Send a message; returns once the server has accepted it. Concurrent calls take turns.

        `on_ready` is awaited when connected, just before the message is sent. An exception prevents that.

        Raises:
            MailError: the server did not accept it, or did not answer. Final if it refuses the recipient or message for
                good; down if it is unavailable, refuses us or our sender, or takes too long.
        """
        async with self._turn:
            await self._send(message, on_ready)

    async def _send(self, message: EmailMessage, on_ready: Callable[[], Awaitable[None]] | None) -> None:
        await self._pace()
        try:
            async with asyncio.timeout(self._seconds):
                client = await self._connected()
                if on_ready is not None:
                    await on_ready()
                await self._hand_over(client, message)
        except aiosmtplib.SMTPRecipientsRefused as error:
            raise _refusal(error.recipients[0], "the recipient") from None
        except aiosmtplib.SMTPDataError as error:
            raise _refusal(error, "the mail") from None
        except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
            self._drop()
            code = _code(error) if isinstance(error, aiosmtplib.SMTPResponseException) else ""
            cause = type(error.__cause__ if isinstance(error.__cause__, OSError) else error).__name__
            raise MailError(f"the mail server is unavailable ({cause}{code})", is_down=True) from None
        except BaseException:
            self._drop()
            raise

    async def rest(self) -> None:
        """Disconnect, unless a message is being sent."""
        if not self._turn.locked():
            async with self._turn:
                await self.close()

    async def close(self) -> None:
        """Disconnect, if connected."""
        if self._client is not None and self._client.is_connected:
            with contextlib.suppress(aiosmtplib.SMTPException, OSError, TimeoutError):
                async with asyncio.timeout(LEAVE_SECONDS):
                    await self._client.quit()
        self._drop()

    async def _pace(self) -> None:
        now = asyncio.get_running_loop().time()
        await asyncio.sleep(self._next - now)
        self._next = max(self._next, now) + self._gap

    async def _connected(self) -> aiosmtplib.SMTP:
        if self._client is not None and self._client.is_connected:
            with contextlib.suppress(aiosmtplib.SMTPException, OSError):
                await self._client.noop()  # the server may have hung up since the last mail
                return self._client
        self._drop()
        self._client = _client(self._url, self._seconds)
        await self._client.connect()
        return self._client

    async def _hand_over(self, client: aiosmtplib.SMTP, message: EmailMessage) -> None:
        sender, recipient = (message[name].addresses[0].addr_spec for name in ("From", "To"))
        needs_utf8 = not recipient.isascii()
        if needs_utf8 and not client.supports_extension("smtputf8"):
            raise MailError("the mail server does not support this recipient's address (SMTPUTF8)", is_final=True)
        data = message.as_bytes(policy=POLICY.clone(utf8=needs_utf8))
        await client.sendmail(sender, [recipient], data, mail_options=["SMTPUTF8"] if needs_utf8 else [])

    def _drop(self) -> None:
        if self._client is not None:
            self._client.close()
            self._client = None


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


def _refusal(error: aiosmtplib.SMTPResponseException, subject: str) -> MailError:
    return MailError(
        f"the mail server refused {subject}{_code(error)}", is_final=500 <= error.code < 600, is_down=error.code == 421
    )


def _code(error: aiosmtplib.SMTPResponseException) -> str:
    # Not the server's text: it may quote an address.
    detail = re.match(r"[245]\.[0-9]{1,3}\.[0-9]{1,3}\b", error.message)
    return f": {error.code} {detail[0]}" if detail else f": {error.code}"
