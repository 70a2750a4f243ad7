"""Parses a stored mail, to show it in the panel."""

import base64
import re
from dataclasses import dataclass, replace
from email import message_from_bytes, policy
from email.message import EmailMessage

# What signs people in or acts for them: the ends of links, and confirmation codes.
SECRET = re.compile(r"(/(?:links|invitations|unsubscribe(?:/replies)?|recaps/confirm)/)[\w.-]+|\b[0-9]{4} [0-9]{4}\b")


@dataclass(frozen=True, slots=True)
class View:
    """The parts of a mail. In `html` images are data: URLs, so that nothing is loaded. `size` is in bytes."""

    sender: str
    recipient: str
    subject: str
    text: str
    html: str
    size: int

    def masked(self) -> "View":
        """The same without links and codes that sign people in."""
        subject, text, html = (SECRET.sub(r"\1…", part) for part in (self.subject, self.text, self.html))
        return replace(self, subject=subject, text=text, html=html)


def view(body: bytes) -> View:
    """Parse a message in the Internet Message Format (RFC 5322). Parts that it lacks are empty."""
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
