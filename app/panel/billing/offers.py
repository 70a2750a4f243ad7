"""The plans as an account sees them: its own, and how to change to another."""

from dataclasses import dataclass

from app.queries.billing import AccountBilling, Plan


@dataclass(frozen=True, slots=True)
class Choice:
    """A price of a plan. `unit` is month or year, `amount` in the currency's smallest unit, None if not known yet."""

    unit: str
    amount: int | None
    price_id: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Offer:
    """A plan with its prices."""

    plan: Plan
    is_current: bool
    choices: list[Choice]


def offers(billing: AccountBilling, plans: list[Plan]) -> list[Offer]:
    """All offered plans, the free one first."""
    return [_offer(billing, plan) for plan in plans]


def _offer(billing: AccountBilling, plan: Plan) -> Offer:
    pays = billing.is_live and billing.paid_plan == plan.name
    prices = (("month", plan.monthly, plan.monthly_price_id), ("year", plan.yearly, plan.yearly_price_id))
    choices = [Choice(unit, amount, id, pays and billing.unit == unit) for unit, amount, id in prices if id is not None]
    return Offer(plan, pays or (plan.name == "free" and not billing.is_live), choices)


def find_choice(billing: AccountBilling, plans: list[Plan], name: str, unit: str) -> tuple[Plan, Choice] | None:
    """The plan and price of a name and unit, or None."""
    pairs = ((offer.plan, choice) for offer in offers(billing, plans) for choice in offer.choices)
    return next((each for each in pairs if each[0].name == name and each[1].unit == unit), None)


def is_more(billing: AccountBilling, choice: Choice, currency: str) -> bool:
    """Whether changing to it is charged at once: it costs more than what is paid now, or has another unit."""
    if billing.amount is None or choice.amount is None or billing.currency != currency:
        return True
    return choice.unit != billing.unit or choice.amount > billing.amount
