"""`feelback project create`, `widget create` and `key create`."""

from datetime import timedelta

import click

from app.commands import creation
from app.commands.database import in_database
from app.config import Settings
from app.text import widget_types

SCOPES = ("send", "read_counts", "read_messages", "manage")
KINDS = {"read": "read_messages", "write": "manage"}


@click.group()
def project() -> None:
    """Projects: a website or app, and the origins that may send to it."""


@project.command("create")
@click.argument("name", required=False)
@click.option("--name", "name_option", help="The same as NAME.")
@click.option("--slug", help="Its name in URLs: a-z, 0-9 and -. Default: derived from the name.")
@click.option(
    "--origin",
    "origins",
    multiple=True,
    help="A site that may send: https://example.com, https://*.example.com, or * for every site. Repeatable.",
)
@click.option(
    "--time-zone",
    default="UTC",
    show_default=True,
    help="The time zone of its days, such as Europe/Rome.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON.")
@click.pass_obj
def project_create(
    settings: Settings,
    name: str | None,
    name_option: str | None,
    slug: str | None,
    origins: tuple[str, ...],
    time_zone: str,
    as_json: bool,
) -> None:
    """Create a project in the installation's first account.

    Without --origin no page may send yet. A server may, with an API key.
    """
    text = name or name_option or ""
    if not text:
        raise click.UsageError("Give the project a name: feelback project create 'My blog'")
    creation.show(
        in_database(settings, lambda pool: creation.create_project(pool, text, slug, list(origins), time_zone)),
        as_json,
    )


@click.group("widget")
def widget() -> None:
    """Widgets: what a project asks, such as \"Was this helpful?\"."""


@widget.command("create")
@click.option("--project", "slug", required=True, help="The project's slug.")
@click.option("--name", required=True, help="Its name in the panel.")
@click.option("--type", "kind", required=True, type=click.Choice(widget_types.NAMES), help="The kind of response.")
@click.option(
    "--options",
    help="A preset (github, feeling, facebook, evaluation, stars, like-dislike, pulse-heart, feedback, …; docs, "
    "article, support, product, csat and ces have follow-ups), "
    "a range (1..10), values with weights (good=1,meh=0,bad=-1), or JSON [{value, label, icon, weight}].",
)
@click.option(
    "--policy",
    default="visitor",
    show_default=True,
    type=click.Choice(["visitor", "address", "open"]),
    help="What counts once: a visitor (by token, else address and browser), an address, or (open) every response.",
)
@click.option(
    "--window",
    default="1h",
    show_default=True,
    type=creation.Window(),
    help="How long visitors may edit or delete a response: never, forever, 30m, 1h, 7d.",
)
@click.option(
    "--fields", help='A form\'s fields as JSON: [{"name", "kind", "label", "required", "min", "max", "choices"}].'
)
@click.option("--open-form", is_flag=True, help="Accept fields that the form does not declare.")
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON.")
@click.pass_obj
def widget_create(
    settings: Settings,
    slug: str,
    name: str,
    kind: str,
    options: str | None,
    policy: str,
    window: timedelta | None,
    fields: str | None,
    open_form: bool,
    as_json: bool,
) -> None:
    """Create a widget in a project, and print the id that pages embed it by."""
    widget = in_database(
        settings,
        lambda pool: creation.create_widget(pool, slug, name, kind, options, policy, window, fields, open_form),
    )
    creation.show(widget, as_json)


@click.group()
def key() -> None:
    """API keys: for calls from a server."""


@key.command("create")
@click.option("--project", "slug", required=True, help="The project's slug.")
@click.option(
    "--scope",
    default="send",
    show_default=True,
    type=click.Choice(SCOPES),
    help="What it may do: send responses, read settings and counts, read responses too, or all of that and manage the"
    " project.",
)
@click.option("--kind", type=click.Choice([*KINDS]), hidden=True, help="The scope's name in older versions.")
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON.")
@click.pass_obj
def key_create(settings: Settings, slug: str, scope: str, kind: str | None, as_json: bool) -> None:
    """Create an API key of a project. It is shown once: store it with your server's secrets."""
    scope = KINDS[kind] if kind else scope
    creation.show(in_database(settings, lambda pool: creation.create_key(pool, slug, scope)), as_json)
