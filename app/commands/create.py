"""`feelback project create`, `set create` and `key create`."""

from datetime import timedelta

import click

from app.commands import creation
from app.commands.database import in_database
from app.config import Settings
from app.text import widget_types


@click.group()
def project() -> None:
    """Projects: a website or app, and who may send to it."""


@project.command("create")
@click.argument("name", required=False)
@click.option("--name", "named", help="The same as NAME.")
@click.option("--slug", help="Its name in addresses: a-z, 0-9 and -. By default made of the name.")
@click.option(
    "--origin",
    "origins",
    multiple=True,
    help="A site that may send: https://example.com, https://*.example.com, or * for every site. May be given again.",
)
@click.option("--time-zone", default="UTC", show_default=True, help="Decides its days: Europe/Rome, America/New_York.")
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON.")
@click.pass_obj
def project_create(
    settings: Settings,
    name: str | None,
    named: str | None,
    slug: str | None,
    origins: tuple[str, ...],
    time_zone: str,
    as_json: bool,
) -> None:
    """Make a project in the installation's first account.

    Without --origin no page may send yet; a server may, with an API key.
    """
    if not (name or named):
        raise click.UsageError("Say how the project is called: feelback project create 'My blog'")
    called = name or named or ""
    creation.show(
        in_database(settings, lambda pool: creation.create_project(pool, called, slug, list(origins), time_zone)),
        as_json,
    )


@click.group("widget")
def widget() -> None:
    """Widgets: the pages of one kind, with their type and options."""


@widget.command("create")
@click.option("--project", "slug", required=True, help="The project's slug.")
@click.option("--name", required=True, help="What the widget is called in the panel.")
@click.option("--type", "kind", required=True, type=click.Choice(widget_types.NAMES), help="What a visitor sends.")
@click.option(
    "--options",
    help="A preset (github, feeling, facebook, evaluation, stars, like-dislike, pulse-heart, feedback, …), "
    "a range (1..10), values with weights (good=1,meh=0,bad=-1), or JSON [{value, label, icon, weight}].",
)
@click.option(
    "--policy",
    default="visitor",
    show_default=True,
    type=click.Choice(["visitor", "address", "open"]),
    help="Who counts once: a visitor (by token, else address and browser), an address, or nobody: each response counts.",
)
@click.option(
    "--window",
    default="1h",
    show_default=True,
    type=creation.Window(),
    help="How long a response may be edited or removed: never, forever, 30m, 1h, 7d.",
)
@click.option(
    "--fields", help='A form\'s fields as JSON: [{"name", "kind", "label", "required", "min", "max", "choices"}].'
)
@click.option("--open-form", is_flag=True, help="Let the form take fields that it does not declare.")
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
    """Make a widget in a project; its id is what a page's widget names."""
    made = in_database(
        settings,
        lambda pool: creation.create_widget(pool, slug, name, kind, options, policy, window, fields, open_form),
    )
    creation.show(made, as_json)


@click.group()
def key() -> None:
    """API keys: for calls from a server instead of a page."""


@key.command("create")
@click.option("--project", "slug", required=True, help="The project's slug.")
@click.option("--kind", required=True, type=click.Choice(["read", "write"]), help="What it may do.")
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON.")
@click.pass_obj
def key_create(settings: Settings, slug: str, kind: str, as_json: bool) -> None:
    """Make an API key of a project. It is shown once: keep it where your server keeps its secrets."""
    creation.show(in_database(settings, lambda pool: creation.create_key(pool, slug, kind)), as_json)
