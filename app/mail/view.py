"""A mail as it was written, taken apart to be looked at."""

import base64
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage


@dataclass(frozen=True, slots=True)
class View:
    """What a mail says; in `html` its pictures are in their places, and nothing is loaded from anywhere."""

    sender: str
    recipient: str
    subject: str
    text: str
    html: str
    size: int


def view(body: bytes) -> View:
    """The parts of a message in the format of e-mail (RFC 5322); what it lacks is empty."""
    message = message_from_bytes(body, policy=policy.default)
    assert isinstance(message, EmailMessage)
    html = _content(message, "html")
    for part in message.walk():
        assert isinstance(part, EmailMessage)
        cid, type = str(part["Content-ID"] or "").strip("<>"), part.get_content_type()
        if cid and type.startswith("image/"):
            image = base64.b64encode(part.get_content()).decode()
            html = html.replace(f'"cid:{cid}"', f'"data:{type};base64,{image}"')
    sender, recipient, subject = (str(message[name] or "") for name in ("From", "To", "Subject"))
    return View(sender, recipient, subject, _content(message, "plain"), html, len(body))


def _content(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    return str(part.get_content()).replace("\r\n", "\n") if isinstance(part, EmailMessage) else ""
