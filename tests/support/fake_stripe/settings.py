"""Settings of an installation that uses the fake."""

from tests.support.fake_stripe.business import Business

ENVIRONMENT = {
    "STRIPE_SECRET_KEY": "sk_test_fake",
    "STRIPE_WEBHOOK_SECRET": "whsec_only_for_tests",
    "STRIPE_PRICES": "starter_monthly:price_sm,starter_yearly:price_sy,growth_monthly:price_gm,growth_yearly:price_gy",
    "STRIPE_API_URL": "http://127.0.0.1:9",  # nothing listens there
}


def catalogue(business: Business) -> None:
    """The prices that the settings name."""
    business.price("price_sm", 900, "month", "Starter")
    business.price("price_sy", 9000, "year", "Starter")
    business.price("price_gm", 4900, "month", "Growth")
    business.price("price_gy", 49000, "year", "Growth")
