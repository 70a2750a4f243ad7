"""Mails to strangers: a name that contains an address is left out, so that nobody is sent there in our name."""

import json
from typing import Any
from uuid import uuid4

import pytest

from app.config import Settings
from app.mail import message
from app.mail.view import view
from app.queries.mail import Mail

ADDRESSES = (
    "Your invoice is due: https://evil.example/pay",
    "Pay at evil.example",
    "www.evil.example",
    "Write to boss@evil.example",
    "evil.example/pay",
    "Booking.com",
    "x" * 61,
)
INVITATION = {"by": "ann@example.com", "role": "viewer", "url": "http://localhost:8000/invitations/x", "until": "3 Aug"}
RECAP = {**INVITATION, "weekly": True, "monthly": False}


def write(settings: Settings, template: str, context: dict[str, Any]) -> str:
    mail = Mail(uuid4(), "stranger@example.com", template, json.dumps(context), None, "<x@y>", 1)
    parts = view(message.message(mail, settings).as_bytes())
    return "\n".join((parts.subject, parts.text, parts.html))


@pytest.mark.parametrize("name", ADDRESSES)
@pytest.mark.parametrize(
    ("mail_template", "context", "field", "other"),
    [("invitation", INVITATION, "account", "an account"), ("recap_invitation", RECAP, "project", "a website")],
)
def test_a_name_with_an_address_is_left_out(
    settings: Settings, name: str, mail_template: str, context: dict[str, Any], field: str, other: str
) -> None:
    text = write(settings, mail_template, {**context, field: name})
    assert name not in text
    assert "evil" not in text
    assert other in text


@pytest.mark.parametrize("name", ["Acme", "Müller & Söhne", "Acme Inc.", "St. Mary's", "v2.", "نادي القراء", "A/B"])
def test_any_other_name_is_in_it(settings: Settings, name: str) -> None:
    assert name in write(settings, "invitation", {**INVITATION, "account": name}).splitlines()[0]
