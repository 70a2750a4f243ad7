"""What Stripe tells, as we keep it: of a customer, of an event, of what a change costs. Pure: dictionaries in."""

import json
import re
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

# The one that counts, of several that a customer has.
RANK = ("canceled", "incomplete_expired", "incomplete", "paused", "unpaid", "past_due", "trialing", "active")


@dataclass(frozen=True, slots=True)
class Told:
    """What Stripe says of a customer. Times are seconds since 1970; without a subscription all of it is None."""

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
        """The same for the database."""
        return json.dumps(asdict(self))


@dataclass(frozen=True, slots=True)
class Event:
    """What a webhook says that happened; to whom, and nothing more."""

    id: str
    type: str
    customer_id: str | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Preview:
    """What changing a plan costs: `due` now, or a `credit` for later; amounts in the currency's smallest unit."""

    due: int
    currency: str
    lines: list[tuple[str, int]]
    credit: int


def told(customer: dict[str, Any], subscriptions: list[dict[str, Any]], invoices: list[dict[str, Any]]) -> Told:
    """What is true of a customer, of the objects that the API has of them."""
    live = [each for each in subscriptions if each["status"] not in ("canceled", "incomplete_expired")]
    found = max(live, key=lambda each: (RANK.index(each["status"]), each["created"]), default=None)
    item = found["items"]["data"][0] if found else None
    method = (found or {}).get("default_payment_method") or (customer.get("invoice_settings") or {}).get(
        "default_payment_method"
    )
    unpaid = [each["created"] for each in invoices if each["status"] == "open" and each.get("attempt_count")]
    return Told(
        account_id=(customer.get("metadata") or {}).get("account_id"),
        subscription_id=found["id"] if found else None,
        item_id=item["id"] if item else None,
        status=found["status"] if found else None,
        price_id=item["price"]["id"] if item else None,
        unit=item["price"]["recurring"]["interval"] if item else None,
        period_ends_at=item["current_period_end"] if item else None,
        trial_ends_at=found.get("trial_end") if found else None,
        cancel_at=_end(found, item) if found and item else None,
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


def _end(found: dict[str, Any], item: dict[str, Any]) -> int | None:
    return found.get("cancel_at") or (item["current_period_end"] if found.get("cancel_at_period_end") else None)


def _method(given: Any) -> str:
    if not isinstance(given, dict):
        return ""
    kind = given.get("type", "")
    details = given.get(kind) or {}
    brand = str(details.get("display_brand") or details.get("brand") or kind).replace("_", " ")
    return f"{brand[:1].upper()}{brand[1:]}" + (f" ending in {details['last4']}" if details.get("last4") else "")


def _is_proration(line: dict[str, Any]) -> bool:
    parent = line.get("parent") or {}
    return any((parent.get(name) or {}).get("proration") for name in parent if name.endswith("_details"))


def event(found: dict[str, Any]) -> Event:
    """An event of the API's.

    Raises:
        KeyError, TypeError, ValueError: it is none.
    """
    about = found["data"]["object"]
    customer = about["id"] if about.get("object") == "customer" else about.get("customer")
    if not isinstance(found["id"], str) or not re.fullmatch(r"\w{1,250}", found["id"]):
        raise ValueError("no id")
    return Event(
        found["id"],
        str(found["type"]),
        customer if isinstance(customer, str) else None,
        datetime.fromtimestamp(found["created"], UTC),
    )


def preview(invoice: dict[str, Any], *, is_more: bool) -> Preview:
    """What the invoice that is to come says of a change; with `is_more` it is due at once."""
    lines = [(each["description"] or "", each["amount"]) for each in invoice["lines"]["data"] if _is_proration(each)]
    whole = sum(amount for _, amount in lines)
    return Preview(max(0, invoice["amount_due"]) if is_more else 0, invoice["currency"], lines, max(0, -whole))
