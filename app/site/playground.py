"""The playground: what a person chooses for a widget."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.errors import FeelbackError
from app.panel.shared import read
from app.panel.widgets.gallery import Goal, Idea
from app.queries.widgets import Option
from app.site import themes
from app.text import languages
from app.text.widget_types import NUMERIC, WITH_TEXT

# How a page is built: its name, the language of its code, and the page of the documentation about it.
WAYS = {
    "html": ("HTML", "html", "docs/html"),
    "react": ("React", "jsx", "docs/react"),
    "vue": ("Vue", "html", "docs/vue"),
    "astro": ("Astro", "astro", "docs/astro"),
    "hugo": ("Hugo", "html", "docs/hugo"),
    "jekyll": ("Jekyll", "html", "docs/jekyll"),
    "wordpress": ("WordPress", "", "docs/wordpress"),
    "form": ("HTML without JavaScript", "html", "docs/no-javascript"),
}
LOOKS = {"": "Icons and labels", "icons": "Icons only", "labels": "Labels only"}
COUNTS = {"shown": "Shown", "hidden": "Hidden"}
LAYOUTS = {"": "On the page", "picker": "A button that opens a picker", "dialog": "A button that opens a dialog"}
EMAILS = {"": "Do not ask", "optional": "Optional", "required": "Required"}
PAGES = {
    "": "Each address, without tracking parameters",
    "$path": "Each path, without parameters",
    "key": "Your own page key",
}
SCHEMES = {"": "System", "light": "Light", "dark": "Dark"}
PRESETS_OF_ELEMENTS = frozenset(
    ("pulse-heart", "pulse-star", "like-dislike", "feeling", "github", "facebook", "evaluation", "feedback")
)
DEFAULTS = {"pulse": "pulse", "updown": "updown", "yesno": "yesno", "rating": "stars", "nps": "nps"}
RIGHT_TO_LEFT = ("ar", "fa", "he")
MAX_OPTIONS = 20
PLACEHOLDER = "THE WIDGET'S ID"


@dataclass(frozen=True, slots=True)
class Draft:
    """A widget as a person has chosen it. `options` is as the attribute has them, empty for those of `idea`."""

    idea: Idea
    label: str
    thanks: str = ""
    options_text: str = ""
    language: str = ""
    look: str = ""
    counts: str = "shown"
    layout: str = ""
    email: str = ""
    page: str = ""
    key: str = ""
    widget: str = ""
    theme: str = "page"
    accent: str = ""
    radius: str = ""
    size: str = ""
    scheme: str = ""
    way: str = "html"

    @property
    def type(self) -> str:
        return self.idea.type

    @property
    def element(self) -> str:
        """The name of the SDK's element."""
        return "feelback-" + ("tagged-message" if self.type == "tagged" else self.type)

    @property
    def has_counts(self) -> bool:
        """Whether the type has counts to show."""
        return self.type not in WITH_TEXT

    @property
    def layouts(self) -> dict[str, str]:
        """The layouts of the type, by value."""
        own = {"reaction": "picker"}.get(self.type, "dialog" if self.type in WITH_TEXT else "")
        return {name: words for name, words in LAYOUTS.items() if name in ("", own)}

    @property
    def options(self) -> list[Option]:
        """The options, in order; those that a person wrote have no weight."""
        rows = [[part.strip() for part in text.split("|")] for text in self.options_text.split(";") if text.strip()]
        own = [Option(row[0], (row[1:2] or row)[0], (row[2:3] or [""])[0], 0, 0) for row in rows]
        return own or list(self.idea.options)

    @property
    def direction(self) -> str:
        """The writing direction of the language, empty where it is that of the page."""
        return "rtl" if self.language in RIGHT_TO_LEFT else ""

    @property
    def preview(self) -> dict[str, str]:
        """The attributes that decide what the element shows."""
        preset = self.idea.preset
        options: dict[str, str] = {}
        if self.options_text:
            options = {"options": self.options_text}
        elif preset in PRESETS_OF_ELEMENTS:
            options = {"preset": preset}
        elif self.idea.options and preset != DEFAULTS.get(self.type) and self.type not in WITH_TEXT:
            parts = ("|".join((each.value, each.label, each.icon)).rstrip("|") for each in self.idea.options)
            options = {"options": "; ".join(parts)}
        chosen = {
            "label": self.label,
            **options,
            "look": self.look if self.has_counts else "",
            "layout": self.layout if self.layout in self.layouts else "",
            "thanks": self.thanks,
            "email": self.email if self.type in ("message", "tagged") else "",
            "lang": self.language,
            "dir": self.direction,
        }
        counts = {"count": ""} if self.has_counts and self.counts == "shown" else {}
        return {name: text for name, text in chosen.items() if text} | counts

    @property
    def attributes(self) -> dict[str, str]:
        """The attributes of the element on a website."""
        page = self.key if self.page == "key" else self.page
        return {"widget": self.widget or PLACEHOLDER} | ({"page": page} if page else {}) | self.preview

    @property
    def properties(self) -> dict[str, str]:
        """The declarations of the theme and of what replaces parts of it."""
        own = {
            "--feelback-accent": self.accent,
            "--feelback-radius": _pixels(self.radius),
            "font-size": _pixels(self.size),
        }
        return themes.BY_NAME[self.theme].properties | {name: value for name, value in own.items() if value}

    @property
    def css(self) -> str:
        """The rule for a style sheet; empty where the element takes the page's look."""
        return themes.rule(self.element, self.properties)


def read_draft(values: Mapping[str, str], goals: Sequence[Goal]) -> Draft:
    """Read a draft from a query string. What it lacks is the default, and so is the question of another idea.

    Raises:
        FeelbackError: 422 if a value is not one of those that there are.
    """
    ideas = {f"{idea.type}/{idea.preset}": idea for goal in goals for idea in goal.ideas}
    idea = ideas[_one_of(values, "kind", ideas, "yesno/yesno")]
    questions = {each.question for each in ideas.values()}
    label = read.text(values, "label", 200) if "label" in values else idea.question
    widget = read.text(values, "widget", 36)
    if widget and not read.uuid(values, "widget"):
        raise FeelbackError(422, "“widget” must be the ID of a widget, which its page in the panel shows.")
    accent = read.text(values, "accent", 7) if values.get("own_accent") else ""
    if accent and not re.fullmatch("#[0-9a-fA-F]{6}", accent):
        raise FeelbackError(422, "“accent” must be a color, as in #0b6e4f.")
    return Draft(
        idea,
        idea.question if label in questions else label,
        read.text(values, "thanks", 200),
        _options_text(values, idea),
        _one_of(values, "language", ("", *languages.NAMES)),
        _one_of(values, "look", LOOKS),
        _one_of(values, "counts", COUNTS, "shown"),
        _one_of(values, "layout", LAYOUTS),
        _one_of(values, "email", EMAILS),
        _one_of(values, "page", PAGES),
        read.text(values, "key", 500),
        widget,
        _one_of(values, "theme", themes.BY_NAME, "page"),
        accent,
        _number(values, "radius", 0, 40),
        _number(values, "size", 10, 40),
        _one_of(values, "scheme", SCHEMES),
        _one_of(values, "way", WAYS, "html"),
    )


def _one_of(
    values: Mapping[str, str], name: str, choices: Mapping[str, object] | Sequence[str], default: str = ""
) -> str:
    value = values.get(name, default)
    if value not in choices:
        raise FeelbackError(422, f"“{name}” must be one of: {', '.join(each or '(empty)' for each in choices)}.")
    return value


def _number(values: Mapping[str, str], name: str, low: int, high: int) -> str:
    return str(read.number(values, name, low, low, high)) if values.get(name, "").strip() else ""


def _options_text(values: Mapping[str, str], idea: Idea) -> str:
    text = read.text(values, "options", 1000)
    parts = [part for part in text.split(";") if part.strip()]
    if len(parts) > MAX_OPTIONS:
        raise FeelbackError(422, f"“options” must have at most {MAX_OPTIONS} options, separated by semicolons.")
    if any(not part.partition("|")[0].strip() for part in parts):
        raise FeelbackError(422, "“options” must have a value in front of each label, as in y|Yes|👍; n|No|👎.")
    return text if idea.options and idea.type not in NUMERIC else ""


def _pixels(number: str) -> str:
    return f"{number}px" if number else ""
