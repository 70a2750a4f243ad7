"""Amounts of money: as text, and with discounts deducted."""

from typing import Any

ZERO_DECIMAL = frozenset(
    ("bif", "clp", "djf", "gnf", "jpy", "kmf", "krw", "mga", "pyg", "rwf", "vnd", "vuv", "xaf", "xof", "xpf")
)
THREE_DECIMAL = frozenset(("bhd", "jod", "kwd", "omr", "tnd"))
SIGNS = {"usd": "$", "eur": "€", "gbp": "£"}


def money(amount: int, currency: str) -> str:
    """An amount in the currency's smallest unit as text: $9, $9.50, CHF 9, JPY 980 or KWD 3.500."""
    decimals = 0 if currency in ZERO_DECIMAL else 3 if currency in THREE_DECIMAL else 2
    units, rest = divmod(abs(amount), 10**decimals)
    text = f"{units:,}" + (f".{rest:0{decimals}d}" if rest else "")
    sign = "\u2212" if amount < 0 else ""
    return f"{sign}{SIGNS[currency]}{text}" if currency in SIGNS else f"{sign}{currency.upper()} {text}"


def discounted(amount: int | None, currency: str, discounts: list[Any]) -> tuple[int | None, str]:
    """An amount after Stripe's discounts, and what they are: `25% off, $2 off`."""
    words = []
    for discount in discounts:
        if not isinstance(discount, dict):
            continue
        coupon = (discount.get("source") or {}).get("coupon") or discount.get("coupon")
        if not isinstance(coupon, dict):
            continue
        if coupon.get("percent_off"):
            words.append(f"{coupon['percent_off']:g}% off")
            amount = None if amount is None else round(amount * (1 - coupon["percent_off"] / 100))
        elif coupon.get("amount_off") and coupon.get("currency") == currency:
            words.append(f"{money(coupon['amount_off'], currency)} off")
            amount = None if amount is None else max(0, amount - coupon["amount_off"])
    return amount, ", ".join(words)
