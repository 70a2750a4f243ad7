"""Pages and files of invoices at Stripe."""

from app.billing.stripe_client import Client, stripe_errors
from app.errors import FeelbackError


async def invoice_pdf(client: Client, id: str) -> str:
    """The URL of an invoice's PDF, valid for some days.

    Raises:
        FeelbackError: 404 if there is no PDF yet.
    """
    with stripe_errors():
        invoice = await client.v1.invoices.retrieve_async(id)
    if not invoice.invoice_pdf:
        raise FeelbackError(404, "This invoice has no PDF yet.", hint="Try again in an hour.")
    return invoice.invoice_pdf


async def payment_url(client: Client, id: str) -> str:
    """The URL of Stripe's page on which an open invoice is paid.

    Raises:
        FeelbackError: 409 if it cannot be paid there.
    """
    with stripe_errors():
        invoice = await client.v1.invoices.retrieve_async(id)
    if invoice.status != "open" or not invoice.hosted_invoice_url:
        raise FeelbackError(409, "This invoice is not due any more.", hint="Reload the page.")
    return invoice.hosted_invoice_url


async def credit_note_pdf(client: Client, invoice_id: str) -> str:
    """The URL of the PDF of an invoice's latest credit note.

    Raises:
        FeelbackError: 404 if there is none.
    """
    with stripe_errors():
        notes = await client.v1.credit_notes.list_async({"invoice": invoice_id, "limit": 1})
    if not notes.data:
        raise FeelbackError(404, "This invoice has no credit note.")
    return notes.data[0].pdf
