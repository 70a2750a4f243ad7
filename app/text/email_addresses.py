"""Email addresses as people enter them, and as mail servers take them."""

import re
import unicodedata

MOST_CHARS, MOST_LOCAL_CHARS = 254, 64  # RFC 5321, 4.5.3.1
_LOCAL = re.compile(r"""[^\s<>@",;:()[\]\\]+""")
_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")


def deliverable(text: str) -> str:
    """The form of an address to which mail is sent: its domain in lower case and ASCII (IDNA).

    Raises:
        ValueError: it is no address, is too long, or has characters that cannot be seen.
    """
    local, _, domain = text.strip().rpartition("@")
    if any(unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp") for char in text.strip()):
        raise ValueError("invisible characters")
    if not _LOCAL.fullmatch(local) or len(local) > MOST_LOCAL_CHARS or ".." in f".{local}.":
        raise ValueError("not a local part")
    try:
        ascii_domain = domain.encode("idna").decode().lower()
    except UnicodeError:
        raise ValueError("not a domain") from None
    labels = ascii_domain.split(".")
    if len(labels) < 2 or not all(_LABEL.fullmatch(label) for label in labels):
        raise ValueError("not a domain")
    if len(local) + 1 + len(ascii_domain) > MOST_CHARS:
        raise ValueError("too long")
    return f"{local}@{ascii_domain}"


def comparable(address: str) -> str:
    """A deliverable address without what rarely tells mailboxes apart: upper case and ways to write an accent."""
    return unicodedata.normalize("NFC", address).casefold()
