"""What pages are compared with in the same run: a page of ours that shows nothing, and a template of Quart alone."""

from quart import Quart, g, render_template

from app.panel.shared import auth

EMPTY, BARE = "an empty page of ours", "a bare template in Quart"
PATHS = {EMPTY: "/bench-empty", BARE: "/"}
ROWS = 30


def add_empty(app: Quart) -> None:
    """Add the page that has a session and the panel's frame, and asks the database for nothing else."""
    template = app.jinja_env.from_string('{% extends "base.html" %}{% block main %}<h1>Empty</h1>{% endblock %}')

    async def get_empty() -> str:
        g.actor = await auth.find_actor()
        return await render_template(template)  # type: ignore[arg-type]  # Quart passes it on to Jinja, which takes it

    app.add_url_rule("/bench-empty", "bench.get_empty", get_empty)


def bare() -> Quart:
    """An application of one route with a template, as in Quart's documentation."""
    app = Quart(__name__)
    template = app.jinja_env.from_string(
        "<!DOCTYPE html><title>{{ title }}</title><ul>{% for n in rows %}<li>{{ n }}</li>{% endfor %}</ul>"
    )

    async def get_bare() -> str:
        return await render_template(template, title="Bare", rows=range(ROWS))  # type: ignore[arg-type]  # as above

    app.add_url_rule("/", "get_bare", get_bare)
    return app
