"""Parses Stripe's objects: customers, events, and previews of invoices."""

import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from app.billing import money

EARLIEST, LATEST = 1_262_304_000, 4_102_444_800  # 2010 to 2100: the creation of an event that can be true
ENDED = ("canceled", "incomplete_expired")


@dataclass(frozen=True, slots=True)
class SubscriptionSnapshot:
    """A subscription. Times are Unix seconds; `amount` is what is paid per `unit_count` units, discounts deducted.

    `plan` is what subscription or price name in their metadata, `past_due_at` the date of its first open invoice that
    could not be paid. `is_dunned` if Stripe ended it because a payment failed.
    """

    id: str
    item_id: str | None
    status: str
    price_id: str | None
    plan: str | None
    unit: str | None
    unit_count: int
    amount: int | None
    currency: str | None
    discount: str
    created_at: int
    period_ends_at: int | None
    trial_ends_at: int | None
    cancel_at: int | None
    past_due_at: int | None
    ended_at: int | None
    is_dunned: bool
    person_id: str | None
    fingerprint: str | None
    cards: list[str]

    @property
    def is_live(self) -> bool:
        """Whether it has not ended."""
        return self.status not in ENDED


@dataclass(frozen=True, slots=True)
class CustomerSnapshot:
    """A customer with all its subscriptions and invoices; `is_deleted` at Stripe.

    `billing` has the name, email and address on its invoices.
    """

    account_id: str | None
    is_deleted: bool
    payment_method: str
    tax_ids: list[dict[str, Any]]
    billing: dict[str, Any]
    subscriptions: list[SubscriptionSnapshot]
    invoices: list[dict[str, Any]]

    @property
    def live(self) -> list[SubscriptionSnapshot]:
        """The subscriptions that have not ended."""
        return [each for each in self.subscriptions if each.is_live]

    @property
    def has_subscription(self) -> bool:
        """Whether it has a subscription that goes on, paid or not."""
        return any(each.status != "incomplete" for each in self.live)

    @property
    def has_subscribed(self) -> bool:
        """Whether it has or had a subscription that began."""
        return any(each.status not in ("incomplete", "incomplete_expired") for each in self.subscriptions)

    def as_json(self) -> str:
        """The snapshot as fn.update_subscription reads it."""
        return json.dumps(asdict(self))


@dataclass(frozen=True, slots=True)
class Event:
    """An event of a webhook. Only its type and customer are read: the state is fetched from the API."""

    id: str
    type: str
    customer_id: str | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Preview:
    """The cost of changing a plan: `due` now, or a `credit` for later, in the currency's smallest unit."""

    due: int
    currency: str
    lines: list[tuple[str, int]]
    credit: int


def customer_snapshot(
    customer: dict[str, Any],
    subscriptions: list[dict[str, Any]],
    invoices: list[dict[str, Any]],
    refunds: dict[str, int] | None = None,
    payment_methods: Sequence[dict[str, Any]] = (),
) -> CustomerSnapshot:
    """Build the snapshot of a customer from the objects of the API, and what was refunded by the invoice's id."""
    method = (customer.get("invoice_settings") or {}).get("default_payment_method")
    cards = [card for each in payment_methods if (card := _fingerprint(each))]
    rows = [_subscription(item, invoices, _fingerprint(method), cards) for item in subscriptions]
    methods = [item.get("default_payment_method") for item in subscriptions if item["status"] not in ENDED]
    return CustomerSnapshot(
        is_deleted=bool(customer.get("deleted")),
        account_id=(customer.get("metadata") or {}).get("account_id"),
        payment_method=_method(next(filter(None, methods), method)),
        tax_ids=[
            {
                "id": each["id"],
                "type": each["type"],
                "value": each["value"],
                "status": (each.get("verification") or {}).get("status") or "",
            }
            for each in (customer.get("tax_ids") or {"data": []})["data"]
        ],
        billing={name: customer.get(name) for name in ("name", "email", "address")},
        subscriptions=rows,
        invoices=[{**_invoice(each), "refunded": (refunds or {}).get(each["id"], 0)} for each in invoices],
    )  # fmt: skip


def _subscription(
    item: dict[str, Any], invoices: list[dict[str, Any]], fingerprint: str | None, cards: list[str]
) -> SubscriptionSnapshot:
    first = next(iter(item["items"]["data"]), None)
    price = first["price"] if first else {}
    recurring = price.get("recurring") or {}
    # Only its own invoices: one of an earlier subscription may stay open for ever.
    own = (each for each in invoices if subscription_id(each) == item["id"])
    due = [each["created"] for each in own if each["status"] == "open" and each.get("attempt_count")]
    full = price["unit_amount"] * first.get("quantity", 1) if first and price.get("unit_amount") is not None else None
    amount, discount = money.discounted(full, price.get("currency") or "", item.get("discounts") or [])
    names = (item.get("metadata") or {}, price.get("metadata") or {})
    return SubscriptionSnapshot(
        id=item["id"],
        item_id=first["id"] if first else None,
        status=item["status"],
        price_id=price.get("id"),
        # A price says what it stands for now, a subscription what it was sold as.
        plan=names[1].get("plan") or names[0].get("plan"),
        unit=recurring.get("interval"),
        unit_count=recurring.get("interval_count") or 1,
        amount=amount,
        currency=price.get("currency"),
        discount=discount,
        created_at=item["created"],
        period_ends_at=first["current_period_end"] if first else None,
        trial_ends_at=item.get("trial_end"),
        cancel_at=_end(item, first) if first else None,
        past_due_at=min(due, default=None),
        ended_at=item.get("ended_at"),
        is_dunned=(item.get("cancellation_details") or {}).get("reason") == "payment_failed",
        person_id=names[0].get("person_id"),
        fingerprint=_fingerprint(item.get("default_payment_method")) or fingerprint,
        cards=cards,
    )


def _invoice(invoice: dict[str, Any]) -> dict[str, Any]:
    names = ("id", "number", "status", "total", "currency", "created")
    times = invoice.get("status_transitions") or {}
    return {
        **{name: invoice[name] for name in names},
        "paid_at": times.get("paid_at") or invoice["created"],
        "attempts": invoice.get("attempt_count") or 0,
        "credited": sum(invoice.get(f"{when}_payment_credit_notes_amount") or 0 for when in ("pre", "post")),
    }


def subscription_id(invoice: dict[str, Any]) -> str | None:
    """The id of the subscription that an invoice is of, if any."""
    details = (invoice.get("parent") or {}).get("subscription_details") or {}
    subscription = details.get("subscription") or invoice.get("subscription")
    return subscription["id"] if isinstance(subscription, dict) else subscription


def _end(subscription: dict[str, Any], item: dict[str, Any]) -> int | None:
    period_end = item["current_period_end"] if subscription.get("cancel_at_period_end") else None
    return subscription.get("cancel_at") or period_end


def _method(method: Any) -> str:
    if not isinstance(method, dict):
        return ""
    kind = method.get("type", "")
    details = method.get(kind) or {}
    brand = str(details.get("display_brand") or details.get("brand") or kind).replace("_", " ")
    return f"{brand[:1].upper()}{brand[1:]}" + (f" ending in {details['last4']}" if details.get("last4") else "")


def _fingerprint(method: Any) -> str | None:
    """What a card or bank account is known by, whoever uses it."""
    details = method.get(method.get("type", "")) if isinstance(method, dict) else None
    return (details or {}).get("fingerprint")


def _is_proration(line: dict[str, Any]) -> bool:
    parent = line.get("parent") or {}
    return any((parent.get(name) or {}).get("proration") for name in parent if name.endswith("_details"))


def event(body: dict[str, Any]) -> Event:
    """Parse an event of the API or a webhook.

    Raises:
        KeyError, TypeError, ValueError: it is not an event.
    """
    subject = body["data"]["object"]
    customer = subject["id"] if subject.get("object") == "customer" else subject.get("customer")
    if not isinstance(body["id"], str) or not re.fullmatch(r"\w{1,250}", body["id"]):
        raise ValueError("no id")
    if not EARLIEST <= body["created"] <= LATEST:
        raise ValueError("no time")
    return Event(
        body["id"],
        str(body["type"]),
        customer if isinstance(customer, str) else None,
        datetime.fromtimestamp(body["created"], UTC),
    )


def preview(invoice: dict[str, Any], *, is_more: bool) -> Preview:
    """Read the cost of a change from the preview of its invoice. With `is_more` it is due at once."""
    # Of a change that is charged with the next invoice, only its own lines are of interest.
    rows = [line for line in invoice["lines"]["data"] if is_more or _is_proration(line)]
    lines = [(line["description"] or "", line["amount"]) for line in rows]
    total, due = sum(amount for _, amount in lines), max(0, invoice["amount_due"]) if is_more else 0
    if is_more and total > 0 and due != total:
        lines.append(("Discounts, taxes and credit", due - total))
    return Preview(due, invoice["currency"], lines, max(0, -total))
