"""What a business paid back at Stripe, which an invoice itself does not say."""

import logging
from collections import Counter

import stripe

log = logging.getLogger(__name__)


async def refunded(v1: stripe.V1Services, customer_id: str) -> dict[str, int]:
    """How much of each invoice of a customer was refunded, by the id of the invoice.

    Payments of no invoice are left out. Empty if STRIPE_SECRET_KEY may not read charges, as keys of before may not.
    """
    amounts: Counter[str] = Counter()
    try:
        charges = await v1.charges.list_async({"customer": customer_id, "limit": 100})
        async for charge in charges.auto_paging_iter():
            if not charge.amount_refunded or not charge.payment_intent:
                continue
            intent = charge.payment_intent
            payments = await v1.invoice_payments.list_async(
                {
                    "payment": {
                        "type": "payment_intent",
                        "payment_intent": intent if isinstance(intent, str) else intent.id,
                    }
                }
            )
            for payment in payments.data:
                invoice = payment.invoice
                amounts[invoice if isinstance(invoice, str) else str(invoice.id)] += charge.amount_refunded
    except stripe.PermissionError as error:
        log.warning("STRIPE_SECRET_KEY may not read charges: refunds are not shown (%s)", error.request_id)
    return dict(amounts)
