"""Feedback below pages of Sphinx, by a hook for every page and a directive."""

from __future__ import annotations

from fnmatch import fnmatch
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx.config import Config
from sphinx.errors import ConfigError
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import OptionSpec

from sphinx_feelback import element

__version__ = "0.0.0"
_TEXTS = ("label", "thanks", "options", "preset", "look", "layout")


class feelback(nodes.General, nodes.Element):
    """A question at a place of a page."""


class FeelbackDirective(SphinxDirective):
    """`.. feelback:: The question`."""

    optional_arguments = 1
    final_argument_whitespace = True
    option_spec: ClassVar[OptionSpec] = {
        "type": lambda text: directives.choice(text, element.TYPES),
        "widget": element.widget_id,
        "no-count": directives.flag,
        **dict.fromkeys(_TEXTS[1:], directives.unchanged),
    }

    def run(self) -> list[nodes.Node]:
        """Return the node; the page's address is known when it is written."""
        values = dict(self.options)
        if self.arguments:
            values["label"] = self.arguments[0]
        if "type" in values or "widget" in values:
            values = {"label": "", "options": "", "preset": "", **values}  # another widget has another question
        return [feelback("", values=values, page_name=self.env.docname)]


def _has_questions(builder: Builder) -> bool:
    """Return whether the builder writes pages of a site: e-book readers run no scripts and send no forms."""
    return builder.format == "html" and builder.name != "epub"


def _html(app: Sphinx, name: str, values: dict[str, Any]) -> str:
    config = app.config
    own = {each: getattr(config, f"feelback_{each}") for each in (*_TEXTS, "type", "widget")}
    chosen = {**own, **{each: text for each, text in values.items() if each in own}}
    context = {"locale": config.language or "", "version": config.version, "editUrl": edit_url(app, name)}
    html = element.element(
        config.feelback_server,
        chosen.pop("widget"),
        page=_address(app, name),
        language=config.language or "",
        count=config.feelback_count and "no-count" not in values,
        context={each: text for each, text in context.items() if text},
        **chosen,
    )
    return f'\n<div class="feelback">{html}</div>\n'


def _address(app: Sphinx, name: str) -> str:
    base = app.config.html_baseurl
    return f"{base.rstrip('/')}/{app.builder.get_target_uri(name)}" if base else ""


def edit_url(app: Sphinx, name: str) -> str:
    """Return where the source of a page is edited: by our setting, Furo's, or those of html_context; or empty."""
    config = app.config
    path = app.env.doc2path(name, base=False)
    if config.feelback_edit_url:
        return str(config.feelback_edit_url).replace("{path}", str(path))
    options, context = config.html_theme_options, config.html_context
    if options.get("source_repository"):
        branch, folder = options.get("source_branch", "main"), str(options.get("source_directory", "")).strip("/")
        return "/".join(filter(None, (options["source_repository"].rstrip("/"), "edit", branch, folder, str(path))))
    if context.get("github_user") and context.get("github_repo"):
        version, folder = (
            context.get("github_version", "main"),
            str(context.get("conf_py_path") or context.get("doc_path") or "").strip("/"),
        )
        parts = (
            "https://github.com",
            context["github_user"],
            context["github_repo"],
            "edit",
            version,
            folder,
            str(path),
        )
        return "/".join(filter(None, parts))
    return ""


def _add_to_page(
    app: Sphinx, name: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Add the element below the text of a page that has none; pages without a source, such as the index, have none."""
    config = app.config
    is_wanted = config.feelback_on_every_page and _has_questions(app.builder)
    if doctree is None or "body" not in context or not is_wanted:
        return
    is_hidden = str((context.get("meta") or {}).get("feelback", "")).strip().lower() in ("false", "no", "off")
    is_excluded = any(fnmatch(name, pattern) for pattern in config.feelback_exclude)
    if not is_hidden and not is_excluded and not list(doctree.findall(feelback)):
        context["body"] += _html(app, name, {})


def _check(app: Sphinx, config: Config) -> None:
    try:
        config.feelback_server = element.origin(config.feelback_server)
        config.feelback_widget = element.widget_id(config.feelback_widget)
    except ValueError as error:
        raise ConfigError(f"sphinx_feelback: {error}") from error
    if config.feelback_type not in element.TYPES:
        raise ConfigError(f"sphinx_feelback: feelback_type must be one of {', '.join(element.TYPES)}")


def _add_script(app: Sphinx) -> None:
    if _has_questions(app.builder):
        app.add_js_file(element.script(app.config.feelback_server), type="module")


def _visit_html(translator: Any, node: feelback) -> None:
    app = translator.builder.app
    if _has_questions(app.builder):
        translator.body.append(_html(app, node["page_name"], node["values"]))
    raise nodes.SkipNode


def _skip(translator: Any, node: feelback) -> None:
    raise nodes.SkipNode


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the settings, the directive and the hook."""
    for name in ("server", "widget", "label", "thanks", "options", "preset", "look", "layout", "edit_url"):
        app.add_config_value(f"feelback_{name}", "", "html", [str])
    app.add_config_value("feelback_type", "yesno", "html", [str])
    app.add_config_value("feelback_count", True, "html", [bool])
    app.add_config_value("feelback_on_every_page", True, "html", [bool])
    app.add_config_value("feelback_exclude", [], "html", [list, tuple])
    app.add_node(
        feelback, html=(_visit_html, None), **dict.fromkeys(("latex", "text", "man", "texinfo"), (_skip, None))
    )
    app.add_directive("feelback", FeelbackDirective)
    app.connect("config-inited", _check)
    app.connect("builder-inited", _add_script)
    app.connect("html-page-context", _add_to_page)
    return {"version": __version__, "parallel_read_safe": True, "parallel_write_safe": True}
