"""A mail of the outbox as the message that is sent: three templates, one context, and the headers."""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from email.utils import format_datetime
from typing import Any

import jinja2
from css_inline import CSSInliner
from itsdangerous import BadSignature, URLSafeSerializer

from app.config import ROOT, Settings
from app.queries.mail import Mail

TEMPLATES = jinja2.Environment(
    loader=jinja2.FileSystemLoader(ROOT / "templates" / "email"),
    autoescape=jinja2.select_autoescape(["html"]),
    undefined=jinja2.StrictUndefined,  # a context that lacks a name fails, to be tried again; no half-empty mail
    trim_blocks=True,
    lstrip_blocks=True,
)
TEMPLATES.filters["quoted"] = lambda text: "\n".join(f"> {line}" for line in text.splitlines())
# Rules on media cannot be inlined: they stay, for dark mode and narrow screens.
INLINER = CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)
WHOLE = ("list-unsubscribe", "message-id")


class MailError(Exception):
    """A mail could not be made or sent; its text says why in words of ours, without an address.

    `is_final`: another attempt would end the same. `is_down`: other mails would fare no better now.
    """

    def __init__(self, reason: str, *, is_final: bool = False, is_down: bool = False) -> None:
        super().__init__(reason)
        self.is_final, self.is_down = is_final, is_down


class _Policy(EmailPolicy):
    """Folds headers as usual, but never one that must stay whole: Python would write it as encoded words."""

    def fold(self, name: str, value: str) -> str:
        return f"{name}: {value}{self.linesep}" if name.lower() in WHOLE else super().fold(name, value)

    def fold_binary(self, name: str, value: str) -> bytes:
        return self.fold(name, value).encode() if name.lower() in WHOLE else super().fold_binary(name, value)


# Seven bits, so that any server takes it.
POLICY = _Policy(linesep=SMTP.linesep, cte_type="7bit", raise_on_defect=False)


def message(
    mail: Mail, settings: Settings, told: Mapping[str, Any] | None = None, images: Mapping[str, bytes] | None = None
) -> EmailMessage:
    """The message for a mail in hand, as text and as HTML.

    Filled with `told` in place of the mail's own context where that only says what to look up. `images` are PNG by the
    name that the HTML has them by, as in `cid:trend@feelback`.

    Raises:
        MailError: final where the recipient is no address; not final where the template and the context do not fit.
    """
    made = EmailMessage(POLICY)
    made["From"] = sender(settings)
    made["To"] = _recipient(mail.recipient)
    made["Message-ID"] = mail.message_id
    made["Date"] = format_datetime(datetime.now(UTC))
    made["Auto-Submitted"] = "auto-generated"
    unsubscribe_url = ""
    if mail.consent is not None:
        unsubscribe_url = f"{settings.base_url}/unsubscribe/{unsubscribe_token(settings, mail.consent)}"
        made["List-Unsubscribe"] = f"<{unsubscribe_url}>"
        made["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    links = {"base_url": settings.base_url, "unsubscribe_url": unsubscribe_url}
    filled = {**links, **(json.loads(mail.context) if told is None else told)}
    try:
        subject, text, html = (
            TEMPLATES.get_template(f"{mail.template}.{part}").render(filled) for part in ("subject.txt", "txt", "html")
        )
    except Exception as error:
        raise MailError(f"the template and the context do not fit ({type(error).__name__})") from error
    made["Subject"] = " ".join(subject.split())
    made.set_content(text.strip() + "\n")
    made.add_alternative(INLINER.inline(html), subtype="html")
    *_, part = made.iter_parts()
    assert isinstance(part, EmailMessage)
    for name, image in (images or {}).items():
        part.add_related(image, "image", "png", cid=f"<{name}@feelback>", filename=f"{name}.png", disposition="inline")
    return made


def sender(settings: Settings) -> Address:
    """Who mails come from."""
    name, _, address = settings.mail_from.rstrip(">").rpartition("<")
    return Address(name.strip(), addr_spec=address)


def unsubscribe_token(settings: Settings, consent: str) -> str:
    """What stands for a consent in its unsubscribe link: signed, so that it works for ever and nothing is kept."""
    token = URLSafeSerializer(settings.secret_key, salt="unsubscribe").dumps(consent)
    return token if isinstance(token, str) else token.decode()


def consent(settings: Settings, token: str) -> str | None:
    """The consent that a token stands for; None where we did not sign it."""
    try:
        return str(URLSafeSerializer(settings.secret_key, salt="unsubscribe").loads(token))
    except BadSignature:
        return None


def _recipient(text: str) -> Address:
    local, _, domain = text.rpartition("@")
    try:
        if not re.fullmatch(r"""[^\s<>@",;:()[\]\\]+""", local):
            raise ValueError
        return Address(username=local, domain=domain.encode("idna").decode())
    except ValueError:
        raise MailError("the recipient is not an address", is_final=True) from None
