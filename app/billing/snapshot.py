"""Parses Stripe's objects: customers, events, and previews of invoices."""

import json
import re
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

# Of several subscriptions of a customer the one with the last of these statuses counts.
RANK = ("canceled", "incomplete_expired", "incomplete", "paused", "unpaid", "past_due", "trialing", "active")


@dataclass(frozen=True, slots=True)
class CustomerSnapshot:
    """A customer and its subscription. Times are Unix seconds. Without a subscription its fields are None."""

    account_id: str | None
    subscription_id: str | None
    item_id: str | None
    status: str | None
    price_id: str | None
    unit: str | None
    period_ends_at: int | None
    trial_ends_at: int | None
    cancel_at: int | None
    past_due_at: int | None
    payment_method: str
    tax_ids: list[dict[str, Any]]
    invoices: list[dict[str, Any]]

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
    customer: dict[str, Any], subscriptions: list[dict[str, Any]], invoices: list[dict[str, Any]]
) -> CustomerSnapshot:
    """Build the snapshot of a customer from the objects of the API."""
    live = [item for item in subscriptions if item["status"] not in ("canceled", "incomplete_expired")]
    subscription = max(live, key=lambda item: (RANK.index(item["status"]), item["created"]), default=None)
    item = subscription["items"]["data"][0] if subscription else None
    method = (subscription or {}).get("default_payment_method") or (customer.get("invoice_settings") or {}).get(
        "default_payment_method"
    )
    unpaid = [row["created"] for row in invoices if row["status"] == "open" and row.get("attempt_count")]
    return CustomerSnapshot(
        account_id=(customer.get("metadata") or {}).get("account_id"),
        subscription_id=subscription["id"] if subscription else None,
        item_id=item["id"] if item else None,
        status=subscription["status"] if subscription else None,
        price_id=item["price"]["id"] if item else None,
        unit=item["price"]["recurring"]["interval"] if item else None,
        period_ends_at=item["current_period_end"] if item else None,
        trial_ends_at=subscription.get("trial_end") if subscription else None,
        cancel_at=_end(subscription, item) if subscription and item else None,
        past_due_at=min(unpaid, default=None),
        payment_method=_method(method),
        tax_ids=[
            {
                "id": each["id"],
                "type": each["type"],
                "value": each["value"],
                "status": (each.get("verification") or {}).get("status") or "",
            }
            for each in (customer.get("tax_ids") or {"data": []})["data"]
        ],
        invoices=[{name: each[name] for name in ("id", "number", "status", "total", "currency", "created")}
                  for each in invoices],
    )  # fmt: skip


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
    return Event(
        body["id"],
        str(body["type"]),
        customer if isinstance(customer, str) else None,
        datetime.fromtimestamp(body["created"], UTC),
    )


def preview(invoice: dict[str, Any], *, is_more: bool) -> Preview:
    """Read the cost of a change from the preview of its invoice. With `is_more` it is due at once."""
    lines = [(line["description"] or "", line["amount"]) for line in invoice["lines"]["data"] if _is_proration(line)]
    total = sum(amount for _, amount in lines)
    return Preview(max(0, invoice["amount_due"]) if is_more else 0, invoice["currency"], lines, max(0, -total))
