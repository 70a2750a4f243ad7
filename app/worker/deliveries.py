"""Deliveries of events: several at once, but one per destination, so that a slow one delays no other."""

import logging
import time

import msgspec

from app.queries import deliveries
from app.queries.deliveries import ClaimedDelivery
from app.webhooks import chat, message_links, payload, request, signature
from app.webhooks.problems import PROBLEMS
from app.worker.loop import Resources

log = logging.getLogger(__name__)


class Deliveries:
    """Sends requests to webhooks and chat services, and queues mails."""

    def __init__(self, resources: Resources) -> None:
        self._settings, self._pool = resources.settings, resources.pool

    async def claim(self) -> ClaimedDelivery | None:
        """Claim a delivery that is due, for a minute."""
        return await deliveries.claim_delivery(self._pool)

    async def do(self, item: ClaimedDelivery) -> str:
        """Attempt a delivery. The outcome is `delivered`, `waiting`, `failed`, or `lost` to another worker."""
        if item.type == "email":
            outcome = await deliveries.mail_delivery(self._pool, item, self._settings.base_url)
        elif item.type in chat.SERVICES:
            outcome = await self._post(item, self._chat_body(item), {})
        else:
            outcome = await self._post_webhook(item)
        log.info("Delivery %s, attempt %d: %s", item.id, item.attempt, outcome)
        return outcome

    def _chat_body(self, item: ClaimedDelivery) -> bytes:
        payload = msgspec.json.decode(item.payload)
        links = message_links.links(self._settings.base_url, self._settings.secret_keys, payload)
        return chat.body(item.type, payload, links)

    async def _post_webhook(self, item: ClaimedDelivery) -> str:
        secrets = signature.opened_secrets(self._settings.secret_keys, item.destination_id, item.secrets)
        if not secrets:
            return await deliveries.mark_delivery(self._pool, item, "secret", is_final=True)
        body = payload.fitted(item.payload)
        return await self._post(item, body, signature.headers(secrets, item.message_id, int(time.time()), body))

    async def _post(self, item: ClaimedDelivery, body: bytes, headers: dict[str, str]) -> str:
        answer = await request.post(item.url or "", body, headers, self._settings.webhook_networks)
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
