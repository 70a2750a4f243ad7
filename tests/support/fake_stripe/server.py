"""The HTTP API of the fake, and its pages: Checkout, the customer portal, PDFs."""

import asyncio
import contextlib
import html
import logging
import re
import socket
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import parse_qsl

import hypercorn
import hypercorn.asyncio
from quart import Quart, Response, jsonify, redirect, request

from tests.support.fake_stripe.business import Business, Object, StripeError, as_lines

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Count 0/Kids[]>>endobj\n"
LISTS = {"subscriptions": "subscription", "invoices": "invoice", "checkout/sessions": "checkout.session",
         "credit_notes": "credit_note", "charges": "charge"}  # fmt: skip


class Weather:
    """Faults: the next `times` requests answer `status`; every answer takes `silence` seconds longer."""

    def __init__(self) -> None:
        self.status, self.times, self.silence = 0, 0, 0.0
        self.requests: list[tuple[str, str, dict[str, Any], str | None]] = []
        self.answers: dict[str, tuple[Any, int, Any]] = {}


@contextlib.asynccontextmanager
async def serving(business: Business, port: int = 0) -> AsyncIterator[Weather]:
    """Serve the API at `business.url`."""
    weather, stop, config = Weather(), asyncio.Event(), hypercorn.Config()
    listener = socket.create_server(("127.0.0.1", port))
    business.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    config.bind, config.accesslog, config.errorlog = [f"fd://{listener.detach()}"], None, logging.getLogger("fake")
    task = asyncio.create_task(
        hypercorn.asyncio.serve(application(business, weather), config, shutdown_trigger=stop.wait)  # type: ignore[arg-type]
    )
    try:
        yield weather
    finally:
        stop.set()
        await task


def application(business: Business, weather: Weather) -> Quart:
    app = Quart(__name__)

    @app.errorhandler(StripeError)
    async def refused(error: StripeError) -> Response:
        response = jsonify(error.body)
        response.status_code = error.status
        return response

    @app.route("/v1/<path:path>", methods=["GET", "POST", "DELETE"])
    async def api(path: str) -> Response:
        parameters = nested(parse_qsl((await request.get_data(as_text=True)) or request.query_string.decode()))
        key = request.headers.get("Idempotency-Key")
        weather.requests.append((request.method, path, parameters, key))
        if weather.silence:
            await asyncio.sleep(weather.silence)
        if weather.times:
            weather.times -= 1
            raise StripeError(weather.status, "Something went wrong on Stripe's end.", type="api_error")
        if request.headers["Authorization"] != "Bearer sk_test_fake":
            raise StripeError(401, "Invalid API Key provided.")
        is_repeated = False
        if request.method == "POST" and key in weather.answers:
            earlier, status, answer = weather.answers[key]
            is_repeated = True
            if earlier != (path, parameters):
                raise StripeError(400, "Keys for idempotent requests can only be used with the same parameters.",
                                  type="idempotency_error")  # fmt: skip
        else:
            try:
                answer, status = _answer(business, request.method, path, parameters), 200
            except StripeError as error:
                if "card_error" not in str(error.body):
                    raise
                answer, status = error.body, error.status  # stored, as Stripe does
            if request.method == "POST" and key:
                weather.answers[key] = ((path, parameters), status, answer)
        response = jsonify(answer)
        response.status_code = status
        if is_repeated:
            response.headers["Idempotent-Replayed"] = "true"
        return response

    _pages(app, business)
    return app


def _answer(b: Business, method: str, path: str, parameters: dict[str, Any]) -> Any:
    parts = path.split("/")
    if method == "GET" and path in LISTS:
        fields = {name: parameters[name] for name in ("customer", "invoice") if name in parameters}
        if path != "subscriptions" or parameters.get("status") == "all":
            items = b.all(LISTS[path], **fields)
        else:
            items = [s for s in b.all("subscription", **fields) if s["status"] != "canceled"]
        if path == "checkout/sessions":
            items = [s for s in items if s["status"] == parameters.get("status", s["status"])]
        return list_page([expanded(b, o) for o in items], parameters, path)
    if path == "invoice_payments":
        charges = b.all("charge", payment_intent=parameters["payment"]["payment_intent"])
        items = [{"id": f"inpay_{c['id']}", "object": "invoice_payment", "invoice": c["invoice_id"]} for c in charges]
        return list_page(items, parameters, path)
    if path == "events":
        since = int(parameters.get("created", {}).get("gte", 0))
        return list_page([e for e in reversed(b.webhooks.events) if e["created"] >= since], parameters, path)
    if parts[0] == "customers":
        return _customer(b, method, parts[1:], parameters)
    if parts[:2] == ["checkout", "sessions"]:
        return _session(b, parts[2:], parameters)
    if parts[0] == "subscriptions":
        return _subscription(b, method, b.get(parts[1], "subscription"), parameters)
    if path == "invoices/create_preview":
        return _preview(b, parameters)
    if parts[0] == "invoices":
        return b.get(parts[1], "invoice")
    if parts[0] == "prices":
        return b.get(parts[1], "price")
    if path == "billing_portal/sessions":
        session = b.create("bps", "billing_portal.session", customer=b.get(parameters["customer"], "customer")["id"],
                      return_url=parameters["return_url"])  # fmt: skip
        session["url"] = f"{b.url}/portal/{session['id']}"
        return session
    raise StripeError(404, f"Unrecognized request URL ({method}: /v1/{path}).")


def _customer(b: Business, method: str, parts: list[str], parameters: dict[str, Any]) -> Any:
    if not parts:
        return b.create("cus", "customer", invoice_settings={"default_payment_method": None}, **parameters)
    customer = b.get(parts[0], "customer")
    if parts[1:] == ["tax_ids"]:
        if not re.fullmatch(r"[A-Z]{2}[0-9A-Z]{8,12}|\d{2}-?\d{7}", parameters["value"]):
            raise StripeError(400, "Invalid value for eu_vat.", code="tax_id_invalid", param="value")
        status = {"status": "pending", "verified_name": None}
        return b.create("txi", "tax_id", customer=customer["id"], verification=status, **parameters)
    if parts[1:] == ["payment_methods"]:
        methods = [public(each) for each in b.all("payment_method", customer=customer["id"])]
        return list_page(methods, parameters, f"customers/{customer['id']}/payment_methods")
    if method == "POST":
        customer.update(parameters)
        return customer
    if len(parts) == 3:
        return {"id": b.objects.pop(b.get(parts[2], "tax_id")["id"])["id"], "object": "tax_id", "deleted": True}
    method_id = customer["invoice_settings"]["default_payment_method"]
    return {**customer, "tax_ids": list_page(b.all("tax_id", customer=customer["id"]), {}),
            "invoice_settings": {"default_payment_method": public(b.objects.get(method_id or ""))}}  # fmt: skip


def _session(b: Business, parts: list[str], parameters: dict[str, Any]) -> Object:
    if parts[1:] == ["expire"]:
        session = b.get(parts[0], "checkout.session")
        if session["status"] != "open":
            raise StripeError(400, "Only Checkout Sessions with a status of open can be expired.")
        session.update(status="expired", url=None)
        return session
    lines = list(parameters["line_items"].values())
    b.get(lines[0]["price"], "price")
    fields = {"subscription_data": None, **parameters, "line_items": lines}
    session = b.create("cs_test", "checkout.session", status="open", payment_status="unpaid", **fields)
    session["url"] = f"{b.url}/pay/{session['id']}"
    return session


def _subscription(b: Business, method: str, subscription: Object, parameters: dict[str, Any]) -> Object:
    if method == "DELETE":
        if subscription["status"] == "canceled":
            raise StripeError(404, "No such subscription", code="resource_missing")
        b.end(subscription)
    elif method == "POST":
        before = subscription["cancel_at_period_end"]
        if "items" in parameters:
            at = int(parameters.get("proration_date", b.now))
            b.change_price(
                subscription, parameters["items"]["0"]["price"], at, parameters["proration_behavior"],
                parameters.get("payment_behavior", "error_if_incomplete"),
            )  # fmt: skip
        subscription["metadata"].update(parameters.get("metadata", {}))
        if parameters.get("trial_end") == "now" and subscription["status"] == "trialing":
            b.end_trial(subscription)
        if "cancel_at_period_end" in parameters:
            subscription["cancel_at_period_end"] = parameters["cancel_at_period_end"] == "true"
            end = subscription["items"]["data"][0]["current_period_end"]
            subscription["cancel_at"] = end if subscription["cancel_at_period_end"] else None
            if before != subscription["cancel_at_period_end"]:
                b.webhooks.add("customer.subscription.updated", subscription)
    return expanded(b, subscription)


def _preview(b: Business, parameters: dict[str, Any]) -> Object:
    subscription, details = b.get(parameters["subscription"], "subscription"), parameters["subscription_details"]
    price = b.get(details["items"]["0"]["price"], "price")
    lines = b.prorated(subscription, price, int(details["proration_date"]))
    if details["proration_behavior"] != "always_invoice":
        lines = [*lines, (price["nickname"], price["unit_amount"], False)]
    total = sum(amount for _, amount, _ in lines)
    return {"object": "invoice", "currency": price["currency"], "total": total, "amount_due": max(0, total),
            "lines": list_page(as_lines(lines), {})}  # fmt: skip


def expanded(b: Business, item: Object) -> Object:
    """An object with its payment method expanded."""
    if isinstance(item.get("latest_invoice"), str):
        item = {**item, "latest_invoice": b.objects.get(item["latest_invoice"])}
    if item.get("default_payment_method"):
        return {**item, "default_payment_method": public(b.objects[item["default_payment_method"]])}
    return item


def public(method: Object | None) -> Object | None:
    """A payment method without its card's number."""
    return {name: value for name, value in method.items() if name != "number"} if method else None


def list_page(items: list[Any], parameters: dict[str, Any], path: str = "x") -> Object:
    """A page of a list."""
    limit = int(parameters.get("limit", 10))
    ids = [item.get("id") for item in items]
    start = ids.index(parameters["starting_after"]) + 1 if "starting_after" in parameters else 0
    return {"object": "list", "url": f"/v1/{path}", "data": items[start : start + limit],
            "has_more": len(items) > start + limit}  # fmt: skip


def nested(pairs: list[tuple[str, str]]) -> dict[str, Any]:
    """`a[b][0]=c` as {a: {b: {"0": c}}}."""
    result: dict[str, Any] = {}
    for name, value in pairs:
        *path, last = re.findall(r"[^\[\]]+", name)
        at = result
        for step in path:
            at = at.setdefault(step, {})
        at[last] = value
    return result


def _pages(app: Quart, b: Business) -> None:
    @app.route("/pay/<id>", methods=["GET", "POST"])
    async def pay(id: str) -> Any:
        session, wrong = b.get(id, "checkout.session"), ""
        if request.method == "POST":
            try:
                b.pay(id, (await request.form)["card"].replace(" ", ""))
                return redirect(session["success_url"], 303)
            except StripeError as error:
                wrong = str(error)
        price = b.get(session["line_items"][0]["price"], "price")
        return page(
            f"Subscribe to {price['nickname']}", wrong,
            f"<p>{price['unit_amount'] / 100:.2f} {price['currency']} a {price['recurring']['interval']}</p>"
            f"<form method=post><label>Card number <input name=card></label><button>Subscribe</button></form>"
            f"<a href='{html.escape(session['cancel_url'])}'>Back</a>",
        )  # fmt: skip

    @app.route("/portal/<id>", methods=["GET", "POST"])
    async def portal(id: str) -> Any:
        session = b.get(id, "billing_portal.session")
        if request.method == "POST":
            b.change_card(session["customer"], (await request.form)["card"].replace(" ", ""))
        return page(
            "Your billing details", "",
            "<form method=post><label>Card number <input name=card></label><button>Update</button></form>"
            f"<a href='{html.escape(session['return_url'])}'>Return</a>",
        )  # fmt: skip

    @app.route("/hosted/<id>", methods=["GET", "POST"])
    async def hosted(id: str) -> Any:
        if request.method == "POST":
            b.pay_invoice(id, (await request.form)["card"].replace(" ", ""))
        return page(
            "Pay invoice", "",
            "<form method=post><label>Card number <input name=card></label><button>Pay</button></form>",
        )  # fmt: skip

    @app.get("/invoices/<id>.pdf")
    async def pdf(id: str) -> Response:
        return Response(PDF, content_type="application/pdf")


def page(title: str, wrong: str, body: str) -> str:
    """A minimal page of Stripe."""
    return f"<!DOCTYPE html><html lang=en><title>{title}</title><h1>{title}</h1><p role=alert>{wrong}</p>{body}</html>"
