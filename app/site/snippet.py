"""The code for a widget of the playground."""

from dataclasses import dataclass, field
from typing import Any

from app.queries.widgets import Option
from app.site.playground import PLACEHOLDER, Draft

FIELDS = (
    {"name": "name", "label": "Your name", "kind": "text", "required": True},
    {"name": "subject", "label": "What is it about?", "kind": "choice", "choices": ["A question", "Praise"]},
    {"name": "details", "label": "Tell us more", "kind": "text", "max": 2000},
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class FormWidget:
    """A widget as the snippet of a plain form reads it."""

    id: str
    type: str
    name: str


@dataclass(frozen=True, slots=True)
class Snippet:
    """A draft's code for pages of the site whose API is at `base`."""

    draft: Draft
    base: str
    page: str = "https://blog.example/hello"
    fields: tuple[dict[str, Any], ...] = field(default=FIELDS)

    @property
    def widget(self) -> FormWidget:
        return FormWidget(self.draft.widget or PLACEHOLDER, self.draft.type, self.draft.label or self.draft.idea.title)

    def element(self, is_jsx: bool = False) -> str:
        """Return the element as markup, which templates of Vue, Hugo and others leave as it is; or as JSX."""
        empty = '=""' if is_jsx else ""
        parts = (
            f' {name}="{_in_quotes(text)}"' if text else f" {name}{empty}"
            for name, text in self.draft.attributes.items()
        )
        return f"<{self.draft.element}{''.join(parts)}></{self.draft.element}>"

    @property
    def script(self) -> str:
        """The tag of the SDK."""
        return f'<script type="module" src="{self.base}/sdk/feelback.js"></script>'

    @property
    def options(self) -> list[Option]:
        """The options of the widget."""
        return self.draft.options

    @property
    def shortcode(self) -> dict[str, str]:
        """The attributes of the shortcode, in which square brackets and quotes are entities."""
        type = {} if self.draft.type == "yesno" else {"type": self.draft.type}
        attributes = self.draft.attributes
        counts = {} if "count" in attributes or not self.draft.has_counts else {"count": "no"}
        rest = {name: text for name, text in attributes.items() if name not in ("widget", "count", "dir")}
        named = ({"widget": self.draft.widget} if self.draft.widget else {}) | type | rest | counts
        return {name: _in_brackets(text) for name, text in named.items()}


def _in_quotes(text: str) -> str:
    entities = {"&": "&amp;", '"': "&quot;", "<": "&lt;", ">": "&gt;", "{": "&#123;", "}": "&#125;"}
    return "".join(entities.get(character, character) for character in text)


def _in_brackets(text: str) -> str:
    entities = {"&": "&amp;", '"': "&quot;", "<": "&lt;", ">": "&gt;", "[": "&#91;", "]": "&#93;"}
    return "".join(entities.get(character, character) for character in text)
