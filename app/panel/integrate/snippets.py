"""The parts of a widget's snippets: element, attributes, script, presets of the published packages."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.http import sdk
from app.queries.widget_settings import WidgetDesign, WidgetOption, WidgetSettings
from app.text.widget_types import WITH_OPTIONS, WITH_TEXT

# Appearance, the style rule for it, and its unit.
APPEARANCE = (
    ("accent", "--feelback-accent", ""),
    ("background", "--feelback-background", ""),
    ("text", "color", ""),
    ("radius", "--feelback-radius", "px"),
    ("size", "font-size", "px"),
)
NO_DESIGN = WidgetDesign("{}", "{}")
# Elements in the small build, which needs the options as an attribute.
SMALL = ("pulse", "yesno")
_STYLES = "feelback.css"
# Components of the published packages, by type. The other types have none.
COMPONENTS = {
    "pulse": "FeelbackPulse",
    "updown": "FeelbackYesNo",
    "yesno": "FeelbackYesNo",
    "reaction": "FeelbackReaction",
    "message": "FeelbackMessage",
    "tagged": "FeelbackTaggedMessage",
}


@dataclass(frozen=True, slots=True)
class Snippet:
    """A widget to copy. `base` is this server's URL, `page` the URL of some page of the project's site.

    Its words are those of `language`, "" for pages in any.
    """

    widget: WidgetSettings
    base: str
    page: str
    design: WidgetDesign = NO_DESIGN
    language: str = ""

    @property
    def texts(self) -> dict[str, str]:
        """The words that differ from the element's own, by name."""
        return {**self.design.texts.get("", {}), **self.design.texts.get(self.language, {})}

    @property
    def languages(self) -> list[str]:
        """The languages that the widget has words in."""
        return [language for language in self.design.texts if language]

    @property
    def css(self) -> str:
        """The style rule with the widget's appearance; empty for that of the page."""
        look = self.design.appearance
        lines = [f"  {rule}: {look[name]}{unit};" for name, rule, unit in APPEARANCE if name in look]
        selector = f'{self.element}[widget="{self.widget.id}"]'
        return "\n".join([f"{selector} {{", *lines, "}"]) if lines else ""

    @property
    def options(self) -> list[WidgetOption]:
        """The active options, in order."""
        return [option for option in self.widget.all_options if not option.retired]

    @property
    def fields(self) -> list[dict[str, Any]]:
        """The fields of a form, in order."""
        return list(json.loads(self.widget.fields))

    @property
    def element(self) -> str:
        """The name of the SDK's element."""
        return "feelback-" + ("tagged-message" if self.widget.type == "tagged" else self.widget.type)

    @property
    def options_attribute(self) -> str:
        """The options as an element's attribute; empty without any, or if they hold a separator."""
        labels = self.texts
        parts = [
            (option.value, labels.get(f"option:{option.value}", option.label), option.icon) for option in self.options
        ]
        is_writable = self._has_own_options and not any(set("|;") & set("".join(part)) for part in parts)
        return ";".join("|".join(part).rstrip("|") for part in parts) if is_writable else ""

    @property
    def _has_own_options(self) -> bool:
        """Whether options differ between widgets of the type: those of an NPS never do."""
        return self.widget.type in WITH_OPTIONS and self.widget.type != "nps"

    @property
    def attributes(self) -> dict[str, str]:
        counts = self.widget.type not in WITH_TEXT and self.widget.type != "nps"
        words = {name: text for name, text in self.texts.items() if name != "label" and not name.startswith("option:")}
        source = {"options": self.options_attribute} if self.options_attribute else {"preset": "widget"}
        return {
            "widget": str(self.widget.id),
            "label": self.texts.get("label", self.widget.name),
            **(source if self._has_own_options else {}),
            **({"texts": json.dumps(words, ensure_ascii=False)} if words else {}),
            **({"count": ""} if counts else {}),
        }

    @property
    def script(self) -> str:
        """URL of the smallest build with the element. Its content never changes."""
        return f"{self.base}/sdk/{sdk.newest()}/{self._file}"

    @property
    def integrity(self) -> str:
        return sdk.integrity()[self._file]

    @property
    def stylesheet(self) -> str:
        """URL of what keeps the element's place until the script has loaded."""
        return f"{self.base}/sdk/{sdk.newest()}/{_STYLES}"

    @property
    def stylesheet_integrity(self) -> str:
        return sdk.integrity()[_STYLES]

    @property
    def component(self) -> str:
        """The published packages' component; empty where they have none."""
        return COMPONENTS.get(self.widget.type, "")

    @property
    def config(self) -> str:
        """JSON that the published browser build reads from an element's attribute."""
        has_text = self.widget.type in WITH_TEXT
        display = {"component": "form"} if has_text else {"showCount": True}
        return json.dumps({"contentSetId": str(self.widget.id), **display})

    @property
    def react_preset(self) -> str:
        """The options as the published components for React take them; JavaScript."""
        return _preset(self.options, lambda option: {"icon": {"text": option.icon or option.label or option.value}})

    @property
    def astro_preset(self) -> str:
        """The options as the published components for Astro take them; JavaScript."""
        return _preset(self.options, lambda option: {"icon": option.icon or option.label or option.value})

    @property
    def _file(self) -> str:
        # The small build is English.
        is_small = self.widget.type in SMALL and self.options_attribute and self.language[:2] in ("", "en")
        return "core.js" if is_small else "feelback.js"


def site_page(origins: Sequence[str]) -> str:
    """URL of some page of a project's site, for examples."""
    exact = [origin for origin in origins if "*" not in origin]
    return f"{exact[0] if exact else 'https://example.com'}/this-page"


def _preset(options: list[WidgetOption], icon: Any) -> str:
    rows = [{"value": each.value, "title": each.label or each.value, **icon(each)} for each in options]
    return "[\n" + "".join(f"  {json.dumps(row, ensure_ascii=False)},\n" for row in rows) + "]"
