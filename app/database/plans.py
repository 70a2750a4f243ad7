"""The plans that STRIPE_PRICES may name: rows of the table plan, whose limits an operator can change."""

import psycopg

from app.errors import ConfigError


def check(connection: psycopg.Connection, prices: tuple[tuple[str, str, str], ...]) -> None:
    """Check that each of `prices`, the setting STRIPE_PRICES, is of a plan.

    Raises:
        ConfigError: naming the plans that there are not, and those that there are.
    """
    rows = connection.execute("select name from public.plan where name <> 'free' order by position").fetchall()
    plans = [str(name) for (name,) in rows]
    if unknown := sorted({plan for plan, *_ in prices} - set(plans)):
        raise ConfigError(
            f"STRIPE_PRICES: there is no plan {' or '.join(unknown)}. The plans are {' and '.join(plans)}: write"
            f" {plans[0]}_monthly:price_1A, for example."
        )
