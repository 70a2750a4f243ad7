"""Stripe's API: connecting, customers, invoices, prices and events; subscriptions are in stripe_subscriptions.

Each call has a time-out and two retries. Calls that create or change something have an idempotency key, so that a
repeated call has no further effect. Results are our dataclasses and URLs, not Stripe's objects.
"""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, cast
from uuid import UUID

import stripe

from app.billing import snapshot
from app.billing.refunds import refunded
from app.billing.snapshot import CustomerSnapshot, Event
from app.config import Settings
from app.errors import FeelbackError

log = logging.getLogger(__name__)
stripe.enable_telemetry = False
for _name in ("stripe", "httpx", "httpcore"):  # they log the URLs and bodies of requests
    logging.getLogger(_name).setLevel(logging.WARNING)

TIMEOUT = 10  # seconds
TOLERANCE = 300  # seconds that a webhook's signature is valid
AWAY = "Stripe cannot be reached at the moment."
EXPANDED = ["tax_ids", "invoice_settings.default_payment_method"]
EXPANDED_SUBSCRIPTIONS = ["data.default_payment_method", "data.discounts.source.coupon"]


class _Requests(stripe.HTTPXClient):
    """Ends each request, also one whose caller is gone: httpcore 1.0.9 would lose its connection, and has 100 of them.

    https://github.com/encode/httpcore/issues/1093
    """

    async def request_async(self, *arguments: Any, **more: Any) -> tuple[bytes, int, Any]:
        request = asyncio.ensure_future(super().request_async(*arguments, **more))
        request.add_done_callback(lambda done: done.cancelled() or done.exception())  # nobody may be left to hear of it
        return await asyncio.shield(request)


@dataclass(frozen=True, slots=True)
class Client:
    """A connection to Stripe's API; it belongs to one event loop."""

    v1: stripe.V1Services
    http: stripe.HTTPXClient

    async def close(self) -> None:
        await self.http.close_async()  # type: ignore[no-untyped-call]  # stripe has no type for it


def connect(settings: Settings) -> Client:
    """A client with STRIPE_SECRET_KEY and STRIPE_API_URL."""
    http = _Requests(timeout=TIMEOUT)
    client = stripe.StripeClient(
        settings.stripe_secret_key,
        base_addresses={"api": settings.stripe_api_url},
        max_network_retries=2,
        http_client=http,
    )
    return Client(client.v1, http)


async def customer_snapshot(client: Client, customer_id: str) -> CustomerSnapshot | None:
    """Fetch a customer with all its subscriptions and invoices; None if Stripe has no such customer.

    Raises:
        FeelbackError: 503 if Stripe is unavailable.
    """
    with stripe_errors():
        try:
            customer = (await client.v1.customers.retrieve_async(customer_id, {"expand": EXPANDED})).to_dict()
        except stripe.InvalidRequestError as error:
            if error.code == "resource_missing":
                return None
            raise
        if customer.get("deleted"):
            return snapshot.customer_snapshot(customer, [], [])
        subscriptions = await client.v1.subscriptions.list_async(
            {"customer": customer_id, "status": "all", "limit": 100, "expand": EXPANDED_SUBSCRIPTIONS}
        )
        invoices = await client.v1.invoices.list_async({"customer": customer_id, "limit": 100})
        rows, live_and_ended = await _all(invoices), await _all(subscriptions)
        refunds = await refunded(client.v1, customer_id) if any(each["status"] == "paid" for each in rows) else {}
        cards = await _cards(client, customer_id, live_and_ended)
        return snapshot.customer_snapshot(customer, live_and_ended, rows, refunds, cards)


async def _cards(client: Client, customer_id: str, subscriptions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The payment methods of a customer who has or had a trial: the one it was given for may have been replaced."""
    if not any(each.get("trial_end") for each in subscriptions):
        return []
    return await _all(await client.v1.customers.payment_methods.list_async(customer_id, {"limit": 100}))


async def _all(page: Any) -> list[dict[str, Any]]:
    """The objects of a list, from `page` on."""
    return [item.to_dict() async for item in page.auto_paging_iter()]


async def create_customer(client: Client, account_id: UUID, name: str, email: str, replaced_id: str) -> str:
    """Create the customer of an account, perhaps instead of one that is gone; returns its id."""
    metadata = {"account_id": str(account_id)}
    with stripe_errors():
        customer = await client.v1.customers.create_async(
            {"name": name, "email": email, "metadata": metadata},
            idempotency("customer", account_id, name, email, replaced_id),
        )
    return customer.id


async def portal(client: Client, customer_id: str, return_url: str) -> str:
    """The URL of the customer portal, where people change cards and addresses. It leads back to `return_url`."""
    with stripe_errors():
        session = await client.v1.billing_portal.sessions.create_async(
            {"customer": customer_id, "return_url": return_url}
        )
    return session.url


async def add_tax_id(client: Client, customer_id: str, type: str, value: str, once: str) -> None:
    """Add a tax id to future invoices.

    Raises:
        FeelbackError: 422 if Stripe does not accept it.
    """
    with stripe_errors():
        await client.v1.customers.tax_ids.create_async(
            customer_id, {"type": type, "value": value}, idempotency("tax", customer_id, type, value, once)
        )


async def delete_tax_id(client: Client, customer_id: str, id: str) -> None:
    """Delete a tax id from future invoices."""
    with stripe_errors():
        await client.v1.customers.tax_ids.delete_async(customer_id, id, {}, idempotency("untax", customer_id, id))


async def update_billing_details(
    client: Client, customer_id: str, name: str, email: str, address: dict[str, str], once: str
) -> None:
    """Change whom future invoices are for, and where they go.

    Raises:
        FeelbackError: 422 if Stripe does not accept them.
    """
    with stripe_errors():
        await client.v1.customers.update_async(
            customer_id,
            {"name": name, "email": email, "address": cast(Any, address)},
            idempotency("details", customer_id, name, email, *address.items(), once),
        )


async def prices(client: Client, settings: Settings) -> list[dict[str, Any]]:
    """The prices in STRIPE_PRICES with their amounts: {plan, unit, price_id, amount, currency}."""
    rows = []
    for plan, unit, price_id in settings.stripe_prices:
        with stripe_errors():
            price = (await client.v1.prices.retrieve_async(price_id)).to_dict()
        if (price.get("recurring") or {}).get("interval") != unit:
            log.error("STRIPE_PRICES: %s is not billed by the %s", price_id, unit)
        rows.append({"plan": plan, "unit": unit, "price_id": price_id, "amount": price["unit_amount"],
                     "currency": price["currency"]})  # fmt: skip
    return rows


def event(settings: Settings, body: bytes, signature: str) -> Event:
    """Verify and parse the event of a webhook.

    Raises:
        FeelbackError: 400 if its signature is wrong or older than five minutes, or it is not an event.
    """
    for secret in settings.stripe_webhook_secret:
        try:
            return snapshot.event(
                stripe.Webhook.construct_event(body, signature, secret, tolerance=TOLERANCE).to_dict()
            )
        except stripe.SignatureVerificationError:
            continue
        except (ValueError, KeyError, TypeError, AttributeError):
            raise FeelbackError(400, "The body must be an event of Stripe's.") from None
    raise FeelbackError(400, "The signature is wrong or older than 5 minutes. Check STRIPE_WEBHOOK_SECRET.")


async def events(client: Client, since: datetime) -> AsyncIterator[Event]:
    """The events since a time, newest first. Stripe keeps them for 30 days."""
    with stripe_errors():
        pages = await client.v1.events.list_async({"created": {"gte": int(since.timestamp())}, "limit": 100})
        async for item in pages.auto_paging_iter():
            yield snapshot.event(item.to_dict())


async def subscribers(client: Client) -> AsyncIterator[str]:
    """The ids of customers with a subscription that has not ended."""
    with stripe_errors():
        pages = await client.v1.subscriptions.list_async({"limit": 100})
        async for item in pages.auto_paging_iter():
            yield str(item.to_dict()["customer"])


def idempotency(*parts: object) -> stripe.RequestOptions:
    """Request options with an idempotency key. `parts` must identify the request, so that no two share a key."""
    return {"idempotency_key": "feelback-" + sha256("\0".join(map(str, parts)).encode()).hexdigest()}


@contextlib.contextmanager
def stripe_errors() -> Iterator[None]:
    """Raise FeelbackError for each of Stripe's exceptions: 402, 409, 422, 503."""
    try:
        yield
    except stripe.CardError as error:
        message = error.user_message or "The card was declined."
        raise FeelbackError(402, f"{message} Nothing has changed.", hint="Change the card, then try again.") from None
    except stripe.IdempotencyError:
        raise FeelbackError(
            409, "This form was already sent with other values. Reload the page and send it again."
        ) from None
    except stripe.InvalidRequestError as error:
        log.warning("Stripe refused a request: %s %s (%s)", error.code, error.param, error.request_id)
        raise FeelbackError(422, f"Stripe refused this: {error.user_message or error.code}") from None
    except (stripe.AuthenticationError, stripe.PermissionError) as error:
        log.error("STRIPE_SECRET_KEY is wrong or lacks a permission: %s", error.request_id)
        raise FeelbackError(503, AWAY, hint="The administrator of this installation can see why in its log.") from None
    except stripe.StripeError as error:
        log.warning("Stripe is unavailable: %s (%s)", type(error).__name__, error.request_id)
        raise FeelbackError(503, AWAY, hint="Try again in a minute. You cannot be charged twice.") from None
