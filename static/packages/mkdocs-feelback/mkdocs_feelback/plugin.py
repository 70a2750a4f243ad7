"""The plugin: an element below each page, with what MkDocs knows about it."""

from __future__ import annotations

import os
from fnmatch import fnmatch
from pathlib import Path
from typing import Any
from urllib.parse import quote

from mkdocs.config import base, config_options
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import ConfigurationError
from mkdocs.plugins import BasePlugin, event_priority
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page

from mkdocs_feelback import element, ratings

NOTES = "assets/feelback-notes.js"


class FeelbackConfig(base.Config):
    """The plugin's settings in mkdocs.yml."""

    enabled = config_options.Type(bool, default=True)
    server = config_options.Type(str, default="")
    widget = config_options.Type(str, default="")
    type = config_options.Choice(element.TYPES, default="yesno")
    label = config_options.Type(str, default="")
    thanks = config_options.Type(str, default="")
    options = config_options.Type(str, default="")
    preset = config_options.Type(str, default="")
    look = config_options.Choice(("", "icons", "labels"), default="")
    layout = config_options.Choice(("", "picker", "dialog"), default="")
    count = config_options.Type(bool, default=True)
    exclude = config_options.ListOfItems(config_options.Type(str), default=[])


class FeelbackPlugin(BasePlugin[FeelbackConfig]):
    """Asks below the pages of a site."""

    def __init__(self) -> None:
        self._is_serving = False
        self._block: ratings.Block = ratings.Block("", "", {})
        self._server = self._widget = ""

    def on_startup(self, *, command: str, dirty: bool) -> None:
        """Remember whether the pages are only looked at, on this machine."""
        self._is_serving = command == "serve"

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Take over Material's feedback block, and load the elements."""
        if not self.config.enabled:
            return config
        for name in ("server", "widget"):
            if not self.config[name]:
                raise ConfigurationError(f"feelback: The plugin needs the option '{name}' in mkdocs.yml.")
        try:
            self._server = element.origin(self.config.server)
            self._widget = element.widget_id(self.config.widget)
            analytics = config.extra.get("analytics") or {}
            self._block = ratings.block(analytics.pop("feedback", None), self.config.type)
        except ValueError as error:
            raise ConfigurationError(f"feelback: {error}") from error
        scripts = [element.script(self._server)] + ([NOTES] if self._block.notes else [])
        for path in scripts:
            script = config_options.ExtraScriptValue(path)
            script.type = "module"
            config.extra_javascript.append(script)
        return config

    @event_priority(-100)  # after the search has read the page's text, to which the question does not belong
    def on_page_context(
        self, context: dict[str, Any], *, page: Page, config: MkDocsConfig, nav: Navigation
    ) -> dict[str, Any]:
        """Add the element below the page's content."""
        if self.config.enabled and self._has_question(page):
            page.content = (page.content or "") + self._html(page, config)
        return context

    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Write the script that shows notes, if there are any."""
        if self.config.enabled and self._block.notes:
            path = Path(config.site_dir, NOTES)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(Path(__file__).with_name("notes.js").read_bytes())

    def _has_question(self, page: Page) -> bool:
        hidden = page.meta.get("hide") or []
        is_excluded = any(fnmatch(page.file.src_uri, pattern) for pattern in self.config.exclude)
        return page.meta.get("feelback") is not False and "feedback" not in hidden and not is_excluded

    def _html(self, page: Page, config: MkDocsConfig) -> str:
        values = self.config
        title = quote(str(page.meta.get("title") or page.title or ""))
        notes = {
            value: note.replace("{url}", f"/{page.url}").replace("{title}", title)
            for value, note in self._block.notes.items()
        }
        context = {"locale": language(config), "version": version(config), "editUrl": page.edit_url or ""}
        html = element.element(
            self._server, self._widget, type=values.type, count=values.count, language=language(config),
            page="" if self._is_serving else page.canonical_url or "",
            context={name: text for name, text in context.items() if text},
            label=values.label or self._block.title, options=values.options or self._block.options,
            thanks=values.thanks, preset=values.preset, look=values.look, layout=values.layout,
        )  # fmt: skip
        rows = "".join(f'<div data-feelback-note="{value}" hidden>{note}</div>' for value, note in notes.items())
        if rows:
            rows = f'<div class="feelback-notes" role="status">{rows}</div>'
        return f'\n<div class="feelback" data-search-exclude>{html}{rows}</div>\n'


def language(config: MkDocsConfig) -> str:
    """Return the language of the theme: Material's setting `language`, or MkDocs' `locale`."""
    chosen = config.theme.get("language") or config.theme.get("locale") or ""
    return str(chosen).replace("_", "-")


def version(config: MkDocsConfig) -> str:
    """Return the version that mike builds, or `extra.version` where it is a text."""
    own = config.extra.get("version")
    return os.environ.get("MIKE_DOCS_VERSION") or (own if isinstance(own, str) else "")
