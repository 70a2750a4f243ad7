"""How an account pays: its card, tax IDs and invoices."""

import json
import re
from typing import cast

from quart import Blueprint, Response, request

from app.billing import stripe_client, stripe_invoices
from app.errors import FeelbackError
from app.http.context import settings
from app.http.redirects import see_other
from app.panel.billing.shared import customer, leave, once, stripe, sync
from app.panel.shared import auth, read
from app.queries import billing

blueprint = Blueprint("payment", __name__, url_prefix="/billing")
auth.require_actor(blueprint)
ADDRESS = {
    "line1": "Address line 1", "line2": "Address line 2", "postal_code": "Postal code", "city": "City",
    "state": "State or region", "country": "Country code",
}  # fmt: skip
TAX_IDS = {
    "eu_vat": "EU VAT number", "gb_vat": "UK VAT number", "us_ein": "US EIN", "ch_vat": "Swiss VAT number",
    "no_vat": "Norwegian VAT number", "ca_bn": "Canadian BN", "au_abn": "Australian ABN",
    "nz_gst": "New Zealand GST number", "in_gst": "Indian GST number", "jp_trn": "Japanese registration number",
    "br_cnpj": "Brazilian CNPJ",
}  # fmt: skip


@blueprint.post("/portal")
async def post_portal() -> Response:
    """Redirect to Stripe's customer portal to change cards and addresses."""
    customer_id = (await customer()).customer_id
    url = await stripe_client.portal(stripe(), cast(str, customer_id), f"{settings().base_url}/billing/return")
    await billing.request_billing_sync(auth.tenant(), "portal_opened", "")
    return await leave(url, "Stripe's customer portal")


@blueprint.post("/tax-ids")
async def post_tax_id() -> Response:
    """Add a tax ID to future invoices."""
    account, form = await customer(), await request.form
    type, value = form.get("type", ""), read.text(form, "value", 40)
    if type not in TAX_IDS or not value:
        raise FeelbackError(422, "Choose the kind of tax ID and enter its number.")
    await stripe_client.add_tax_id(stripe(), cast(str, account.customer_id), type, value, once(form))
    return await sync("tax_id_added", TAX_IDS[type])


@blueprint.post("/tax-ids/<id>/delete")
async def post_delete_tax_id(id: str) -> Response:
    """Remove a tax ID from future invoices."""
    account = await billing.account_billing(auth.tenant(), "owner")
    if id not in [each["id"] for each in json.loads(account.tax_ids)]:
        raise FeelbackError(404, "There is no such tax ID.")
    await stripe_client.delete_tax_id(stripe(), cast(str, account.customer_id), id)
    return await sync("tax_id_removed", "")


@blueprint.get("/invoices/<id>")
async def get_invoice(id: str) -> Response:
    """Redirect to an invoice's PDF at Stripe."""
    invoice_id = await billing.account_invoice(auth.tenant(), id)
    return see_other(await stripe_invoices.invoice_pdf(stripe(), invoice_id))


@blueprint.get("/invoices/<id>/pay")
async def get_payment(id: str) -> Response:
    """Redirect to Stripe's page on which an open invoice is paid."""
    invoice_id = await billing.account_invoice(auth.tenant(), id)
    return see_other(await stripe_invoices.payment_url(stripe(), invoice_id))


@blueprint.get("/invoices/<id>/credit-note")
async def get_credit_note(id: str) -> Response:
    """Redirect to the PDF of an invoice's credit note."""
    invoice_id = await billing.account_invoice(auth.tenant(), id)
    return see_other(await stripe_invoices.credit_note_pdf(stripe(), invoice_id))


@blueprint.post("/details")
async def post_details() -> Response:
    """Change whom invoices are for, and the address to which they are mailed."""
    account, form = await customer(), await request.form
    name, email = read.text(form, "name", 150), read.text(form, "email", 254)
    address = {part: read.text(form, part, 200) for part in ADDRESS}
    address["country"] = address["country"].upper()
    if not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", email):
        raise FeelbackError(422, "Enter the email address to which invoices go.")
    if not re.fullmatch(r"([A-Z]{2})?", address["country"]):
        raise FeelbackError(422, "Enter the country as its code of two letters, such as DE or US.")
    await stripe_client.update_billing_details(
        stripe(), cast(str, account.customer_id), name, email, address, once(form)
    )
    return await sync("details_updated", name)
