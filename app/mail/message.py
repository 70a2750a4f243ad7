"""Builds the message of a mail in the outbox from its three templates, its context and the headers."""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from email.utils import format_datetime
from typing import Any

import jinja2
from css_inline import CSSInliner
from itsdangerous import BadSignature, URLSafeSerializer

from app.billing.money import money
from app.config import ROOT, Settings
from app.queries.mail import Mail
from app.text.bidi import cleaned, isolated, with_elements
from app.text.numbers import plural

TEMPLATES = jinja2.Environment(
    loader=jinja2.FileSystemLoader(ROOT / "templates" / "email"),
    autoescape=jinja2.select_autoescape(["html"]),
    undefined=jinja2.StrictUndefined,  # a context that lacks a variable fails; no mail is sent half-empty
    trim_blocks=True,
    lstrip_blocks=True,
)
TEMPLATES.filters["money"] = money
TEMPLATES.filters["plural"] = plural
TEMPLATES.filters["quoted"] = lambda text: "\n".join(f"> {line}" for line in text.splitlines())
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")  # but tabs and line feeds
# What a visitor typed, without characters that cannot be seen.
TEMPLATES.filters["visible"] = lambda text: CONTROLS.sub("", cleaned(text))
# Strangers get these mails: a name that contains an address could send them anywhere.
ADDRESS = re.compile(r"://|@|\w\.\w")
TEMPLATES.filters["name_or"] = lambda name, other: other if ADDRESS.search(name) or len(name) > 60 else name
# Media rules cannot be inlined. They stay in the head, for dark mode and narrow screens.
INLINER = CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)
UNFOLDED = ("list-unsubscribe", "message-id", "in-reply-to")
ENCODED = "=?"  # begins an encoded word (RFC 2047)
NAMES = ("account", "project", "by", "plan")  # variables that people have named


class MailError(Exception):
    """A mail could not be written or sent. The text gives the reason, without an address.

    `is_final`: another attempt would fail as well. `is_down`: other mails would fail now as well. `may_have_arrived`:
    the server got all of it, and did not say whether it accepted it.
    """

    def __init__(
        self, reason: str, *, is_final: bool = False, is_down: bool = False, may_have_arrived: bool = False
    ) -> None:
        super().__init__(reason)
        self.is_final, self.is_down, self.may_have_arrived = is_final, is_down, may_have_arrived


class _Policy(EmailPolicy):
    """Does not fold the headers in UNFOLDED: Python would write long ones as encoded words.

    Subjects in other scripts are encoded as a whole: Python would encode word by word, and blanks between encoded words
    are not part of the text (RFC 2047, 6.2).
    """

    def fold(self, name: str, value: str) -> str:
        if name.lower() in UNFOLDED:
            return f"{name}: {value}{self.linesep}"
        if name.lower() == "references":
            return f"{name}: {value.replace(' ', self.linesep + ' ')}{self.linesep}"
        if name.lower() == "subject" and (ENCODED in value or (not value.isascii() and not self.utf8)):
            return f"{name}: {Header(value, 'utf-8', 75, name).encode(linesep=self.linesep)}{self.linesep}"
        return str(super().fold(name, value))

    def fold_binary(self, name: str, value: str) -> bytes:
        if name.lower() in (*UNFOLDED, "references", "subject"):
            return self.fold(name, value).encode()
        return super().fold_binary(name, value)


# Seven bits, which every server accepts.
POLICY = _Policy(linesep=SMTP.linesep, cte_type="7bit", raise_on_defect=False)


def message(
    mail: Mail, settings: Settings, context: Mapping[str, Any] | None = None, images: Mapping[str, bytes] | None = None
) -> EmailMessage:
    """Write the message of a mail, as text and as HTML.

    `context` replaces the mail's own, which for recaps only says what to look up. `images` are PNG by the name that the
    HTML refers to, as in `cid:trend@feelback`.

    Raises:
        MailError: final if the recipient is not an address; not final if the template cannot be rendered.
    """
    contents: Mapping[str, Any] = json.loads(mail.context) if context is None else context
    is_reply = mail.template == "reply"
    email = EmailMessage(POLICY)
    email["From"] = _project_sender(settings, contents["project"]) if is_reply else sender(settings)
    email["To"] = _recipient(mail.recipient)
    email["Message-ID"] = mail.message_id
    email["Date"] = format_datetime(datetime.now(UTC))
    if is_reply:
        _thread(email, contents)
    else:
        email["Auto-Submitted"] = "auto-generated"
    unsubscribe_url = ""
    ends = contents["opt_out"] if is_reply else mail.consent
    if ends is not None:
        at = f"{settings.base_url}/unsubscribe/{'replies/' * is_reply}"
        unsubscribe_url = at + unsubscribe_token(settings, ends)
        email["List-Unsubscribe"] = f"<{unsubscribe_url}>"
        email["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    links = {"base_url": settings.base_url, "unsubscribe_url": unsubscribe_url}
    variables = {**links, **contents}
    variables |= {name: isolated(variables[name]) for name in NAMES if isinstance(variables.get(name), str)}
    try:
        subject, text, html = (
            TEMPLATES.get_template(f"{mail.template}.{part}").render(variables)
            for part in ("subject.txt", "txt", "html")
        )
    except Exception as error:
        raise MailError(f"the template could not be rendered ({type(error).__name__})") from error
    email["Subject"] = _literal(" ".join(subject.split()))
    email.set_content(text.strip() + "\n")
    email.add_alternative(INLINER.inline(with_elements(html)), subtype="html")
    *_, part = email.iter_parts()
    assert isinstance(part, EmailMessage)
    for name, image in (images or {}).items():
        part.add_related(image, "image", "png", cid=f"<{name}@feelback>", filename=f"{name}.png", disposition="inline")
    return email


def sender(settings: Settings) -> Address:
    """The sender of all mails, from MAIL_FROM."""
    name, _, address = settings.mail_from.rstrip(">").rpartition("<")
    return Address(name.strip(), addr_spec=address)


def _project_sender(settings: Settings, project: str) -> Address:
    """The sender of a reply: our address under the project's name, unless that could be read as an address itself."""
    own, name = sender(settings), " ".join(CONTROLS.sub("", cleaned(project)).split())
    is_plain = not ADDRESS.search(name) and ENCODED not in name and len(name) <= 60
    return Address(name if is_plain else own.display_name, addr_spec=own.addr_spec)


def _thread(email: EmailMessage, contents: Mapping[str, Any]) -> None:
    """Answers go to the member who writes; mail programs show replies to one message together."""
    email["Reply-To"] = _recipient(contents["by"])
    if contents["references"]:
        email["In-Reply-To"] = contents["references"][-1]
        email["References"] = " ".join(contents["references"])


def unsubscribe_token(settings: Settings, consent: str) -> str:
    """The token of an unsubscribe link: the signed consent, so that links never expire and need no table."""
    token = _unsubscribe(settings).dumps(consent)
    return token if isinstance(token, str) else token.decode()


def consent(settings: Settings, token: str) -> str | None:
    """The consent in a token of `unsubscribe_token`; None if the signature is wrong."""
    try:
        return str(_unsubscribe(settings).loads(token))
    except BadSignature:
        return None


def _unsubscribe(settings: Settings) -> URLSafeSerializer:
    return URLSafeSerializer([*reversed(settings.secret_keys)], salt="unsubscribe")  # the last signs


def _literal(subject: str) -> str:
    # Python decodes encoded words in what it is given: those in somebody's name could become lines of the header.
    return Header(subject, "utf-8").encode(maxlinelen=0) if ENCODED in subject else subject


def _recipient(text: str) -> Address:
    local, _, domain = text.rpartition("@")
    try:
        if not re.fullmatch(r"""[^\s<>@",;:()[\]\\]+""", local):
            raise ValueError
        return Address(username=local, domain=domain.encode("idna").decode())
    except ValueError:
        raise MailError("the recipient is not an address", is_final=True) from None
