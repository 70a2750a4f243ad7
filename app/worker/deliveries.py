"""Deliveries of events: several at once, but one per destination, so that a slow one delays no other."""

import asyncio
import logging
import time
from typing import Any

import msgspec

from app import errors
from app.database import db
from app.queries import deliveries
from app.queries.deliveries import ClaimedDelivery
from app.webhooks import apprise_request, chat, message_links, payload, request, signature
from app.webhooks.cards import Link
from app.webhooks.problems import PROBLEMS
from app.webhooks.request import Answer
from app.worker.loop import Resources

log = logging.getLogger(__name__)
MOST_PROCESSES = 2  # of Apprise, each of which has a hundred modules in memory


class Deliveries:
    """Sends requests to webhooks, chat services and those that Apprise knows, and queues mails."""

    def __init__(self, resources: Resources) -> None:
        self._settings, self._pool = resources.settings, resources.pool
        self._processes = asyncio.Semaphore(MOST_PROCESSES)

    async def claim(self) -> ClaimedDelivery | None:
        """Claim a delivery that is due, for a minute, or five with Apprise."""
        return await deliveries.claim_delivery(self._pool)

    async def do(self, item: ClaimedDelivery) -> str:
        """Attempt a delivery. The outcome is `delivered`, `waiting`, `failed`, or `lost` to another worker."""
        try:
            outcome = await self._attempt(item)
        except db.UNAVAILABLE:
            raise
        except Exception as error:
            # The loop would make the deliveries of all accounts wait.
            log.error("Delivery %s: %s", item.id, errors.trace(error))
            outcome = await deliveries.mark_delivery(self._pool, item, "internal")
        log.info("Delivery %s, attempt %d: %s", item.id, item.attempt, outcome)
        return outcome

    async def _attempt(self, item: ClaimedDelivery) -> str:
        if item.type == "email":
            return await deliveries.mail_delivery(self._pool, item, self._settings.base_url)
        if item.type in chat.SERVICES:
            return await self._post(item, chat.body(item.type, *self._message(item)), {})
        if item.type == "apprise":
            return await self._post_apprise(item)
        return await self._post_webhook(item)

    def _message(self, item: ClaimedDelivery) -> tuple[dict[str, Any], list[Link]]:
        payload = msgspec.json.decode(item.payload)
        return payload, message_links.links(self._settings.base_url, self._settings.secret_keys, payload)

    async def _post_apprise(self, item: ClaimedDelivery) -> str:
        urls = signature.opened_secrets(self._settings.secret_keys, item.destination_id, item.secrets)
        if not urls or not apprise_request.is_installed():
            problem = "secret" if not urls else "not_installed"
            return await deliveries.mark_delivery(self._pool, item, problem, is_final=PROBLEMS[problem].is_final)
        title, text = chat.plain(*self._message(item))
        async with self._processes:
            answer = await apprise_request.post(urls[0].decode(), title, text)
        return await self._mark(item, answer)

    async def _post_webhook(self, item: ClaimedDelivery) -> str:
        secrets = signature.opened_secrets(self._settings.secret_keys, item.destination_id, item.secrets)
        if not secrets:
            return await deliveries.mark_delivery(self._pool, item, "secret", is_final=True)
        body = payload.fitted(item.payload)
        return await self._post(item, body, signature.headers(secrets, item.message_id, int(time.time()), body))

    async def _post(self, item: ClaimedDelivery, body: bytes, headers: dict[str, str]) -> str:
        return await self._mark(
            item, await request.post(item.url or "", body, headers, self._settings.webhook_networks)
        )

    async def _mark(self, item: ClaimedDelivery, answer: Answer) -> str:
        return await deliveries.mark_delivery(
            self._pool, item, answer.problem, status=answer.status, answer=answer.text,
            duration_ms=answer.duration_ms, is_final=answer.problem is not None and PROBLEMS[answer.problem].is_final,
            retry_after=answer.retry_after,
        )  # fmt: skip

    async def rest(self) -> float | None:
        """In how many seconds the next delivery is due."""
        return await deliveries.work_due_in(self._pool, "delivery")

    async def close(self) -> None:
        """Nothing is kept between deliveries."""
