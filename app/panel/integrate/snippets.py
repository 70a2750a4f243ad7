"""A widget as the widget that a page shows: what the snippets of Integrate are made of."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.http import sdk
from app.queries.widget_settings import WidgetOption, WidgetSettings
from app.text.widget_types import WITH_OPTIONS, WRITTEN

# Elements that the small build has, where the page says what the options are.
SMALL = ("pulse", "yesno")
# The components of the published packages, by type; the others have none.
COMPONENTS = {
    "pulse": "FeelbackPulse",
    "updown": "FeelbackYesNo",
    "yesno": "FeelbackYesNo",
    "reaction": "FeelbackReaction",
    "message": "FeelbackMessage",
    "tagged": "FeelbackTaggedMessage",
}


@dataclass(frozen=True, slots=True)
class Widget:
    """A widget on a page; `base` is where this server answers, `page` the address of a page of the project's site."""

    kept: WidgetSettings
    base: str
    page: str

    @property
    def options(self) -> list[WidgetOption]:
        """What may be answered, in order."""
        return [option for option in self.kept.all_options if not option.retired]

    @property
    def fields(self) -> list[dict[str, Any]]:
        """The fields of a form, in order."""
        return list(json.loads(self.kept.fields))

    @property
    def element(self) -> str:
        """The name of the SDK's element."""
        return "feelback-" + ("tagged-message" if self.kept.type == "tagged" else self.kept.type)

    @property
    def written_options(self) -> str:
        """The options as an element's attribute; empty where there are none, or where the page cannot say them."""
        parts = [(option.value, option.label, option.icon) for option in self.options]
        can = self._has_own_options and not any(set("|;") & set("".join(p)) for p in parts)
        return ";".join("|".join(part).rstrip("|") for part in parts) if can else ""

    @property
    def _has_own_options(self) -> bool:
        """Whether options differ from set to set: those of an NPS never do."""
        return self.kept.type in WITH_OPTIONS and self.kept.type != "nps"

    @property
    def attributes(self) -> dict[str, str]:
        """The element's attributes."""
        counts = self.kept.type not in WRITTEN and self.kept.type != "nps"
        told = {"options": self.written_options} if self.written_options else {"preset": "widget"}
        return {
            "widget": str(self.kept.id),
            "label": self.kept.name,
            **(told if self._has_own_options else {}),
            **({"count": ""} if counts else {}),
        }

    @property
    def script(self) -> str:
        """The address of the build that has the element; what stands there never changes."""
        return f"{self.base}/sdk/{sdk.newest()}/{self._file}"

    @property
    def integrity(self) -> str:
        """The build's integrity hash."""
        return sdk.integrity()[self._file]

    @property
    def component(self) -> str:
        """The published packages' component; empty where they have none."""
        return COMPONENTS.get(self.kept.type, "")

    @property
    def config(self) -> str:
        """What the published browser build reads off an element."""
        is_written = self.kept.type in WRITTEN
        told = {"component": "form"} if is_written else {"showCount": True}
        return json.dumps({"contentSetId": str(self.kept.id), **told})

    @property
    def react_preset(self) -> str:
        """The options as the published components for React take them; JavaScript."""
        return _listed(self.options, lambda option: {"icon": {"text": option.icon or option.label or option.value}})

    @property
    def astro_preset(self) -> str:
        """The options as the published components for Astro take them; JavaScript."""
        return _listed(self.options, lambda option: {"icon": option.icon or option.label or option.value})

    @property
    def _file(self) -> str:
        return "core.js" if self.kept.type in SMALL and self.written_options else "feelback.js"


def site_page(origins: Sequence[str]) -> str:
    """The address of some page of a project's site, for examples."""
    named = [origin for origin in origins if "*" not in origin]
    return f"{named[0] if named else 'https://example.com'}/this-page"


def _listed(options: list[WidgetOption], icon: Any) -> str:
    rows = [{"value": each.value, "title": each.label or each.value, **icon(each)} for each in options]
    return "[\n" + "".join(f"  {json.dumps(row, ensure_ascii=False)},\n" for row in rows) + "]"
