"""Plans, Stripe Checkout, invoices and usage."""
