"""The plans as an account sees them: which it has, and which way leads to each other one."""

from dataclasses import dataclass

from app.queries.billing import AccountBilling, Plan

ZERO_DECIMAL = frozenset(
    ("bif", "clp", "djf", "gnf", "jpy", "kmf", "krw", "mga", "pyg", "rwf", "ugx", "vnd", "vuv", "xaf", "xof", "xpf")
)
SIGNS = {"usd": "$", "eur": "€", "gbp": "£"}


@dataclass(frozen=True, slots=True)
class Choice:
    """A plan by the month or year; `amount` in the currency's smallest unit, `is_current` where they pay for it now."""

    unit: str
    amount: int
    price_id: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Offer:
    """A plan, and how it may be had."""

    plan: Plan
    is_current: bool
    choices: list[Choice]


def offers(billing: AccountBilling, plans: list[Plan]) -> list[Offer]:
    """Every plan that may be had, the free one first."""
    return [_offer(billing, plan) for plan in plans]


def _offer(billing: AccountBilling, plan: Plan) -> Offer:
    pays = billing.is_live and billing.paid_plan == plan.name
    prices = (("month", plan.monthly, plan.monthly_price_id), ("year", plan.yearly, plan.yearly_price_id))
    choices = [Choice(unit, amount, id, pays and billing.unit == unit) for unit, amount, id in prices if id is not None]
    return Offer(plan, pays or (plan.name == "free" and not billing.is_live), choices)


def chosen(billing: AccountBilling, plans: list[Plan], name: str, unit: str) -> tuple[Plan, Choice] | None:
    """The plan and the price of that name and unit; None where there is no such offer."""
    found = ((offer.plan, choice) for offer in offers(billing, plans) for choice in offer.choices)
    return next((each for each in found if each[0].name == name and each[1].unit == unit), None)


def is_more(billing: AccountBilling, plans: list[Plan], choice: Choice) -> bool:
    """Whether changing to it is paid at once: it costs more than what they have, or is paid by another unit."""
    now = chosen(billing, plans, billing.paid_plan or "", billing.unit or "")
    return now is None or choice.amount > now[1].amount or choice.unit != now[1].unit


def money(amount: int, currency: str) -> str:
    """$9, $9.50 or CHF 9, of an amount in the currency's smallest unit."""
    decimals = 0 if currency in ZERO_DECIMAL else 2
    value = abs(amount) / 10**decimals
    text = f"{value:,.0f}" if value == int(value) else f"{value:,.{decimals}f}"
    sign = "\u2212" if amount < 0 else ""
    return f"{sign}{SIGNS[currency]}{text}" if currency in SIGNS else f"{sign}{currency.upper()} {text}"
