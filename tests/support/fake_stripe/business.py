"""The state of one business at Stripe, and its events: payments, renewals, prorations, cancellations."""

import itertools
import time
from typing import Any

from tests.support.fake_stripe.webhooks import Webhooks

Object = dict[str, Any]
DAY = 86_400
SPAN = {"month": 30 * DAY, "year": 365 * DAY}
GOOD, DECLINED, FAILS_LATER = "4242424242424242", "4000000000000002", "4000000000000341"
ASKS = "4000002760003184"  # its bank asks for a confirmation of each payment without the customer
RETRIES = (3 * DAY, 8 * DAY, 15 * DAY)  # after a renewal's first failure


class StripeError(Exception):
    """An error response of the API, with `code` and `param` as Stripe names them."""

    def __init__(self, status: int, message: str, *, type: str = "invalid_request_error", **more: Any) -> None:
        super().__init__(message)
        self.status, self.body = status, {"error": {"type": type, "message": message, **more}}


class Business:
    """Customers, prices, subscriptions and invoices by id, and a clock that moves only by `advance`."""

    def __init__(self) -> None:
        self.now = int(time.time())
        self.url = ""
        self.objects: dict[str, Object] = {}
        self.webhooks = Webhooks(self)
        self.retries, self.after_retries = RETRIES, "canceled"
        self._numbers = itertools.count(1)

    def create(self, kind: str, object: str, **fields: Any) -> Object:
        """Create an object and store it."""
        item = {
            "id": f"{kind}_{next(self._numbers):04d}",
            "object": object,
            "created": self.now,
            "metadata": {},
            **fields,
        }
        self.objects[item["id"]] = item
        return item

    def get(self, id: str, object: str) -> Object:
        item = self.objects.get(id)
        if item is None or item["object"] != object:
            raise StripeError(404, f"No such {object}: '{id}'", code="resource_missing", param="id")
        return item

    def all(self, object: str, **fields: Any) -> list[Object]:
        """The objects of a kind with these field values, newest first."""
        items = [o for o in self.objects.values() if o["object"] == object]
        return [o for o in reversed(items) if all(o.get(k) == v for k, v in fields.items())]

    def price(self, id: str, amount: int, interval: str, name: str) -> Object:
        """A price of the catalogue."""
        self.objects[id] = {
            "id": id, "object": "price", "unit_amount": amount, "currency": "usd", "nickname": name, "active": True,
            "recurring": {"interval": interval, "interval_count": 1}, "created": self.now, "metadata": {},
        }  # fmt: skip
        return self.objects[id]

    # Actions of customers

    def card(self, customer_id: str, number: str) -> Object:
        """Change a customer's card, also for all subscriptions; raises StripeError if it is declined."""
        method = self._add_card(customer_id, number)
        for subscription in self.all("subscription", customer=customer_id):
            subscription["default_payment_method"] = None
        return method

    def _add_card(self, customer_id: str, number: str) -> Object:
        if number == DECLINED:
            raise StripeError(402, "Your card was declined.", type="card_error", code="card_declined")
        method = self.create(
            "pm", "payment_method", type="card", number=number, customer=customer_id,
            card={"brand": "visa", "last4": number[-4:], "fingerprint": f"fp_{number}"},
        )  # fmt: skip
        self.get(customer_id, "customer")["invoice_settings"]["default_payment_method"] = method["id"]
        return method

    def pay(self, session_id: str, number: str) -> Object:
        """Complete a checkout page; returns the new subscription."""
        session = self.get(session_id, "checkout.session")
        if session["status"] != "open":
            raise StripeError(400, "This page has expired.")
        data = session["subscription_data"] or {}
        subscription = self.subscribe(
            session["customer"], session["line_items"][0]["price"], number,
            trial=int(data.get("trial_period_days") or 0), metadata=data.get("metadata") or {},
        )  # fmt: skip
        session.update(status="complete", payment_status="paid", subscription=subscription["id"])
        self.webhooks.add("checkout.session.completed", session)
        return subscription

    def subscribe(
        self, customer_id: str, price_id: str, number: str, *, trial: int = 0, metadata: Object | None = None
    ) -> Object:
        """A new subscription of a customer, who pays with that card; `trial` is in days."""
        method = self._add_card(customer_id, number)
        price = self.get(price_id, "price")
        end = self.now + (trial * DAY or SPAN[price["recurring"]["interval"]])
        item = {"id": f"si_{next(self._numbers):04d}", "object": "subscription_item", "price": price, "quantity": 1,
                "current_period_start": self.now, "current_period_end": end}  # fmt: skip
        subscription = self.create(
            "sub", "subscription", customer=customer_id, metadata=metadata or {},
            status="trialing" if trial else "active",
            items={"object": "list", "data": [item]}, cancel_at_period_end=False, cancel_at=None, canceled_at=None,
            trial_end=end if trial else None, default_payment_method=method["id"], currency=price["currency"],
        )  # fmt: skip
        self._invoice(subscription, [(price["nickname"], 0 if trial else price["unit_amount"], False)])
        self.webhooks.add("customer.subscription.created", subscription)
        return subscription

    def change_card(self, customer_id: str, number: str) -> None:
        """Change the card in the portal, and try open invoices with it."""
        self.card(customer_id, number)
        for invoice in self.all("invoice", customer=customer_id, status="open"):
            if self._charge(invoice):
                subscription = self.get(invoice["subscription"], "subscription")
                if subscription["status"] == "past_due":
                    subscription["status"] = "active"
                    self.webhooks.add("customer.subscription.updated", subscription)

    def pay_invoice(self, invoice_id: str, number: str) -> None:
        """Pay an open invoice on its page, confirming with the bank."""
        invoice = self.get(invoice_id, "invoice")
        self.card(invoice["customer"], number)
        invoice.update(status="paid", attempt_count=invoice["attempt_count"] + 1)
        invoice["status_transitions"] = {"paid_at": self.now}
        self._collect(invoice)
        subscription = self.get(invoice["subscription"], "subscription")
        if invoice.get("pending"):
            price = subscription.pop("pending_update")["subscription_items"][0]["price"]
            subscription["items"]["data"][0]["price"] = self.get(price, "price")
        elif subscription["status"] in ("past_due", "unpaid"):
            subscription["status"] = "active"
        self.webhooks.add("invoice.paid", invoice)
        self.webhooks.add("customer.subscription.updated", subscription)

    # Requests of the API

    def prorated(self, subscription: Object, price: Object, at: int) -> list[tuple[str, int, bool]]:
        """The cost of a change of price at a Unix time: (text, amount, is a proration)."""
        item = subscription["items"]["data"][0]
        old, end, start = item["price"], item["current_period_end"], item["current_period_start"]
        if subscription["status"] == "trialing":
            return []
        left = (end - at) / (end - start)
        lines = [(f"Unused time on {old['nickname']}", -round(old["unit_amount"] * left), True)]
        if price["recurring"] == old["recurring"]:
            return [*lines, (f"Remaining time on {price['nickname']}", round(price["unit_amount"] * left), True)]
        return [*lines, (price["nickname"], price["unit_amount"], False)]

    def change_price(
        self, subscription: Object, price_id: str, at: int, behaviour: str, payment: str = "error_if_incomplete"
    ) -> None:
        """Change the price of a subscription, prorated. If the payment fails nothing changes, or not yet."""
        price, item = self.get(price_id, "price"), subscription["items"]["data"][0]
        lines = self.prorated(subscription, price, at)
        is_other = price["recurring"] != item["price"]["recurring"]
        if lines and (behaviour == "always_invoice" or is_other):
            invoice = self._invoice(subscription, lines)
            if invoice["status"] != "paid" and payment == "pending_if_incomplete":
                invoice["pending"] = subscription["id"]
                subscription["pending_update"] = {
                    "subscription_items": [{"price": price_id}],
                    "expires_at": self.now + DAY,
                }
                subscription["latest_invoice"] = invoice["id"]
                return
            if invoice["status"] != "paid":
                del self.objects[invoice["id"]]
                raise StripeError(402, "Your card was declined.", type="card_error", code="card_declined")
        else:
            subscription.setdefault("pending", []).extend(lines)
        item["price"] = price
        if is_other and subscription["status"] != "trialing":
            item.update(
                current_period_start=self.now, current_period_end=self.now + SPAN[price["recurring"]["interval"]]
            )
        self.webhooks.add("customer.subscription.updated", subscription)

    def end_trial(self, subscription: Object) -> None:
        """End a trial now: the first period begins, and is charged."""
        item = subscription["items"]["data"][0]
        subscription["trial_end"] = self.now
        item.update(current_period_end=self.now)
        self._renew(subscription)

    def end(self, subscription: Object, *, is_dunned: bool = False) -> None:
        """End a subscription; `is_dunned` if it is for a missing payment."""
        reason = "payment_failed" if is_dunned else "cancellation_requested"
        subscription.update(
            status="canceled", canceled_at=self.now, ended_at=self.now, cancellation_details={"reason": reason}
        )
        self.webhooks.add("customer.subscription.deleted", subscription)

    # Time

    def advance(self, seconds: int) -> None:
        """Move the clock, and do what is due on the way."""
        until = self.now + seconds
        while True:
            due = [(at, s) for s in self.all("subscription") if (at := self._due(s)) is not None and at <= until]
            if not due:
                break
            at, subscription = min(due, key=lambda row: row[0])
            self.now = max(self.now, at)
            self._renew(subscription)
        self.now = until

    def _due(self, subscription: Object) -> int | None:
        if subscription["status"] in ("active", "trialing"):
            return int(subscription["items"]["data"][0]["current_period_end"])
        return subscription.get("retry_at") if subscription["status"] == "past_due" else None

    def _renew(self, subscription: Object) -> None:
        if subscription["status"] == "past_due":
            self._retry(subscription)
            return
        item = subscription["items"]["data"][0]
        if subscription["cancel_at_period_end"]:
            self.end(subscription)
            return
        start = item["current_period_end"]
        span = SPAN[item["price"]["recurring"]["interval"]]
        item.update(current_period_start=start, current_period_end=start + span)
        lines = [*subscription.pop("pending", []), (item["price"]["nickname"], item["price"]["unit_amount"], False)]
        is_paid = self._invoice(subscription, lines)["status"] == "paid"
        subscription.update(status="active" if is_paid else "past_due", tries=0, retry_at=self.now + self.retries[0])
        self.webhooks.add("customer.subscription.updated", subscription)

    def _retry(self, subscription: Object) -> None:
        invoice = self.all("invoice", subscription=subscription["id"], status="open")[0]
        if self._charge(invoice):
            subscription["status"] = "active"
            self.webhooks.add("customer.subscription.updated", subscription)
            return
        subscription["tries"] += 1
        if subscription["tries"] == len(self.retries):
            self.give_up(subscription)
        else:
            subscription["retry_at"] = invoice["created"] + self.retries[subscription["tries"]]

    def give_up(self, subscription: Object) -> None:
        """Do what the business has chosen for after the last attempt. The open invoice stays open."""
        if self.after_retries == "canceled":
            self.end(subscription, is_dunned=True)
        else:
            subscription["status"] = self.after_retries
            self.webhooks.add("customer.subscription.updated", subscription)

    def _invoice(self, subscription: Object, lines: list[tuple[str, int, bool]]) -> Object:
        number = next(self._numbers)
        invoice = self.create(
            "in", "invoice", number=f"ACORN-{number:04d}", customer=subscription["customer"], status="open",
            parent={"type": "subscription_details", "subscription_details": {"subscription": subscription["id"]}},
            subscription=subscription["id"], currency=subscription["currency"], attempt_count=0,
            total=sum(amount for _, amount, _ in lines), lines={"object": "list", "data": as_lines(lines)},
        )  # fmt: skip
        invoice["invoice_pdf"] = f"{self.url}/invoices/{invoice['id']}.pdf"
        invoice["hosted_invoice_url"] = f"{self.url}/hosted/{invoice['id']}"
        self._charge(invoice)
        return invoice

    def _charge(self, invoice: Object) -> bool:
        customer = self.get(invoice["customer"], "customer")
        own = self.get(invoice["subscription"], "subscription")["default_payment_method"]
        method = self.objects.get(own or customer["invoice_settings"]["default_payment_method"] or "", {})
        is_first = not any(
            i["status"] == "paid" and i["total"] > 0 for i in self.all("invoice", customer=customer["id"])
        )
        invoice["attempt_count"] += 1
        is_paid = (
            invoice["total"] <= 0
            or (method.get("number") in (FAILS_LATER, ASKS) and is_first)
            or (method.get("number") == GOOD)
        )
        invoice["status"] = "paid" if is_paid else "open"
        invoice["status_transitions"] = {"paid_at": self.now if is_paid else None}
        if is_paid:
            self._collect(invoice)
        self.webhooks.add("invoice.paid" if is_paid else "invoice.payment_failed", invoice)
        return bool(is_paid)

    def _collect(self, invoice: Object) -> None:
        id = f"ch_{invoice['id']}"
        self.objects[id] = {
            "id": id, "object": "charge", "created": self.now, "customer": invoice["customer"],
            "invoice_id": invoice["id"], "payment_intent": f"pi_{invoice['id']}", "amount": invoice["total"],
            "amount_refunded": 0,
        }  # fmt: skip

    def refund(self, invoice_id: str, amount: int) -> None:
        """Pay back what was paid of an invoice, without a credit note."""
        charge = self.get(f"ch_{invoice_id}", "charge")
        charge["amount_refunded"] += amount
        self.webhooks.add("charge.refunded", charge)


def as_lines(lines: list[tuple[str, int, bool]]) -> list[Object]:
    """The lines of an invoice as the API writes them."""
    return [
        {"object": "line_item", "description": text, "amount": amount, "parent": {
            "type": "subscription_item_details", "subscription_item_details": {"proration": is_proration}}}
        for text, amount, is_proration in lines
    ]  # fmt: skip
