"""Stripe's API: connecting, customers, invoices, prices and events; subscriptions are in stripe_subscriptions.

Each call has a time-out and two retries, and whatever creates or changes something an idempotency key: sent twice, it
is done once. What comes back is ours: dataclasses and addresses.
"""

import contextlib
import logging
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

import stripe

from app.billing import snapshot as tell
from app.billing.snapshot import Event, Told
from app.config import Settings
from app.errors import FeelbackError

log = logging.getLogger(__name__)
stripe.enable_telemetry = False
for _name in ("stripe", "httpx", "httpcore"):  # they log what they send, and where
    logging.getLogger(_name).setLevel(logging.WARNING)

SECONDS = 10
TOLERANCE = 300  # seconds that a webhook's signature is good for
AWAY = "Stripe cannot be reached at the moment."
EXPANDED = ["tax_ids", "invoice_settings.default_payment_method"]


@dataclass(frozen=True, slots=True)
class Client:
    """A connection to Stripe's API; it belongs to one event loop."""

    v1: stripe.V1Services
    http: stripe.HTTPXClient

    async def close(self) -> None:
        """Lets go of its connections."""
        await self.http.close_async()  # type: ignore[no-untyped-call]


def connect(settings: Settings) -> Client:
    """A client with the key and the address of the settings."""
    http = stripe.HTTPXClient(timeout=SECONDS)
    client = stripe.StripeClient(
        settings.stripe_secret_key,
        base_addresses={"api": settings.stripe_api_url},
        max_network_retries=2,
        http_client=http,
    )
    return Client(client.v1, http)


async def told(client: Client, customer_id: str) -> Told | None:
    """What is true of a customer now; None where Stripe does not know it.

    Raises:
        FeelbackError: 503 where Stripe is away.
    """
    with stripe_errors():
        try:
            found = (await client.v1.customers.retrieve_async(customer_id, {"expand": EXPANDED})).to_dict()
        except stripe.InvalidRequestError as error:
            if error.code == "resource_missing":
                return None
            raise
        if found.get("deleted"):
            return tell.told(found, [], [])
        subscriptions = await client.v1.subscriptions.list_async(
            {"customer": customer_id, "status": "all", "limit": 20, "expand": ["data.default_payment_method"]}
        )
        invoices = await client.v1.invoices.list_async({"customer": customer_id, "limit": 100})
        return tell.told(found, subscriptions.to_dict()["data"], invoices.to_dict()["data"])


async def create_customer(client: Client, account_id: UUID, name: str, email: str) -> str:
    """The id of a new customer who stands for an account."""
    metadata = {"account_id": str(account_id)}
    with stripe_errors():
        made = await client.v1.customers.create_async(
            {"name": name, "email": email, "metadata": metadata}, idempotency("customer", account_id, name, email)
        )
    return made.id


async def portal(client: Client, customer_id: str, back: str) -> str:
    """The address of the customer portal, where cards and addresses are changed; it leads back to `back`."""
    with stripe_errors():
        made = await client.v1.billing_portal.sessions.create_async({"customer": customer_id, "return_url": back})
    return made.url


async def add_tax_id(client: Client, customer_id: str, type: str, value: str, once: str) -> None:
    """Puts a tax id on invoices to come.

    Raises:
        FeelbackError: 422 where it cannot be one.
    """
    with stripe_errors():
        await client.v1.customers.tax_ids.create_async(
            customer_id, {"type": type, "value": value}, idempotency("tax", customer_id, type, value, once)
        )


async def remove_tax_id(client: Client, customer_id: str, id: str) -> None:
    """Takes a tax id off invoices to come."""
    with stripe_errors():
        await client.v1.customers.tax_ids.delete_async(customer_id, id, {}, idempotency("untax", customer_id, id))


async def invoice_pdf(client: Client, id: str) -> str:
    """The address of an invoice's PDF, which is good for some days."""
    with stripe_errors():
        found = await client.v1.invoices.retrieve_async(id)
    if not found.invoice_pdf:
        raise FeelbackError(404, "There is no PDF of this invoice yet.", hint="Try again in an hour.")
    return found.invoice_pdf


async def prices(client: Client, settings: Settings) -> list[dict[str, Any]]:
    """The prices of the settings with what Stripe says they cost: {plan, unit, price_id, amount, currency}."""
    told = []
    for plan, unit, price_id in settings.stripe_prices:
        with stripe_errors():
            found = (await client.v1.prices.retrieve_async(price_id)).to_dict()
        if (found.get("recurring") or {}).get("interval") != unit:
            log.error("STRIPE_PRICES: %s is not paid by the %s", price_id, unit)
        told.append({"plan": plan, "unit": unit, "price_id": price_id, "amount": found["unit_amount"],
                     "currency": found["currency"]})  # fmt: skip
    return told


def event(settings: Settings, body: bytes, signature: str) -> Event:
    """The event of a webhook.

    Raises:
        FeelbackError: 400 where its signature is not Stripe's, or older than five minutes, or it is no event.
    """
    for secret in settings.stripe_webhook_secret:
        try:
            found = stripe.Webhook.construct_event(body, signature, secret, tolerance=TOLERANCE)
            return tell.event(found.to_dict())
        except stripe.SignatureVerificationError:
            continue
        except (ValueError, KeyError, TypeError, AttributeError):
            raise FeelbackError(400, "This is no event of Stripe's.") from None
    raise FeelbackError(400, "The signature does not hold, or is older than 5 minutes.")


async def events(client: Client, since: datetime) -> AsyncIterator[Event]:
    """What happened since, newest first; Stripe remembers 30 days."""
    with stripe_errors():
        found = await client.v1.events.list_async({"created": {"gte": int(since.timestamp())}, "limit": 100})
        async for each in found.auto_paging_iter():
            yield tell.event(each.to_dict())


async def subscribers(client: Client) -> AsyncIterator[str]:
    """The customers who have a subscription that is not over."""
    with stripe_errors():
        found = await client.v1.subscriptions.list_async({"limit": 100})
        async for each in found.auto_paging_iter():
            yield str(each.to_dict()["customer"])


def idempotency(*parts: object) -> stripe.RequestOptions:
    """Options with a key made of all that makes the request what it is, so that no key stands for two requests."""
    return {"idempotency_key": "feelback-" + sha256("\0".join(map(str, parts)).encode()).hexdigest()}


@contextlib.contextmanager
def stripe_errors() -> Iterator[None]:
    """Raise FeelbackError for each of Stripe's exceptions: 402, 409, 422, 503."""
    try:
        yield
    except stripe.CardError as error:
        told = error.user_message or "The card was declined."
        raise FeelbackError(402, f"{told} Nothing was changed.", hint="Change the card, then try again.") from None
    except stripe.IdempotencyError:
        raise FeelbackError(409, "This form was sent before, otherwise. Reload the page and send it again.") from None
    except stripe.InvalidRequestError as error:
        log.warning("Stripe refused a request: %s %s (%s)", error.code, error.param, error.request_id)
        raise FeelbackError(422, f"Stripe does not take it: {error.user_message or error.code}") from None
    except (stripe.AuthenticationError, stripe.PermissionError) as error:
        log.error("STRIPE_SECRET_KEY does not hold, or may not do this: %s", error.request_id)
        raise FeelbackError(503, AWAY, hint="Who runs this installation has been told.") from None
    except stripe.StripeError as error:
        log.warning("Stripe is away: %s (%s)", type(error).__name__, error.request_id)
        raise FeelbackError(503, AWAY, hint="Try again in a minute: nothing is paid twice.") from None
