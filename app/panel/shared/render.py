"""Template filters, tests and globals for numbers, times, keys and widget types."""

from typing import Any

from jinja2 import Template
from jinja2.environment import TemplateModule
from jinja2.runtime import Context
from quart import Quart, g, has_request_context

from app.panel.shared.times import ago
from app.panel.shared.windows import COMPARISONS, WINDOWS
from app.text.numbers import (
    change,
    day,
    full_day,
    interval,
    moment,
    number,
    percent,
    plural,
    rate,
    share,
    share_change,
    share_interval,
    signed,
    span,
    tone,
)
from app.text.page_keys import key_parts, path
from app.text.refusal_reasons import panel_text
from app.text.widget_types import JUDGING, LABELS, NUMERIC, VOTES, WITH_OPTIONS, WITH_TEXT

GROUPS = {"textual": WITH_TEXT, "judging": JUDGING, "numeric": NUMERIC, "choice": WITH_OPTIONS, "vote": VOTES}


def install(app: Quart) -> None:
    """Give templates our filters, and `actor` if somebody is signed in."""
    env = app.jinja_env
    env.is_async, env.template_class = False, _Template
    env.trim_blocks = env.lstrip_blocks = True
    for filter in (ago, number, plural, signed, percent, share, interval, day, full_day, moment, path, type_name, tone):
        env.filters[filter.__name__] = filter
    env.filters.update(parts=key_parts, reason=panel_text)
    env.globals.update(
        change=change, share_change=share_change, share_interval=share_interval, rate=rate, span=span, windows=WINDOWS,
        comparisons=COMPARISONS,
    )  # fmt: skip
    for name, group in GROUPS.items():  # {% if widget.type is textual %}
        env.tests[name] = group.__contains__
    app.context_processor(_actor)


def drop_flask_context(app: Quart) -> None:
    """Drop the context processor that each registered blueprint has from Flask; it gives templates of Quart nothing.

    It is synchronous: Quart would call it in a thread for every page.
    """
    for processors in app.template_context_processors.values():
        processors[:] = [each for each in processors if each.__module__ != "flask.templating"]


async def _actor() -> dict[str, Any]:
    # Asynchronous, because Quart would call a plain function in a thread for every page.
    return {"actor": getattr(g, "actor", None) if has_request_context() else None}


class _Template(Template):
    """A template that renders synchronously, which takes half the time. All its values are at hand."""

    async def render_async(self, *args: Any, **kwargs: Any) -> str:
        return self.render(*args, **kwargs)

    def _get_default_module(self, ctx: Context | None = None) -> TemplateModule:
        # Jinja would compare the globals of both templates at each import of macros, 3 % of a page; ours are the same.
        return super()._get_default_module()


def type_name(type: str) -> str:
    """The label of a widget type."""
    return LABELS.get(type, type)
