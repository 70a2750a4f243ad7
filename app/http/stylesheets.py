"""Stylesheets: one file per component, served as one file."""

import re

from app.config import ROOT

STATIC = ROOT / "static"
# Of two rules with the same specificity the later wins, so what many screens share comes first.
PARTS = {
    "css/app.css": (
        "app/tokens", "app/base", "app/forms", "app/layout", "app/navigation", "app/notices", "app/dialogs",
        "app/tables", "app/lists", "app/figures", "app/trend", "app/sign_in", "app/account", "app/billing",
        "app/palette", "app/picker", "app/overview", "app/pages", "app/widgets", "app/responses", "app/inbox",
        "app/triage",
        "app/live", "app/recaps", "app/exports", "app/integrate", "app/editor", "app/follow_ups",
        "app/installation", "app/print",
    ),
    "css/demo.css": ("demo/forms", "demo/elements"),
    "css/site.css": ("demo/forms", "site/frame", "site/home", "site/documentation", "site/playground"),
}  # fmt: skip


_COMMENT_OR_INDENTATION = re.compile(rb"/\*.*?\*/|^\s+", re.DOTALL | re.MULTILINE)


def static_file(name: str) -> bytes:
    """Return the bytes served for a name below `/static/`; stylesheets lose comments and indentation.

    Raises:
        OSError: if the file does not exist.
    """
    if name not in PARTS:
        return (STATIC / name).read_bytes()
    text = b"\n".join((STATIC / f"css/{part}.css").read_bytes() for part in PARTS[name])
    return _COMMENT_OR_INDENTATION.sub(b"", text)
