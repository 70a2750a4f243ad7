"""Creates projects, widgets and API keys for the command line."""

import dataclasses
import json
import re
import secrets
from datetime import timedelta
from hashlib import sha256
from typing import Any

import click

from app.database import db
from app.database.tenant import TenantPool
from app.errors import FeelbackError
from app.queries import api_keys, command_line, follow_ups, project_settings, widget_lookups, widget_settings
from app.text import slugs

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}


async def create_project(
    pool: db.Pool, name: str, slug: str | None, origins: list[str], time_zone: str
) -> dict[str, Any]:
    """Create a project in the installation's first account. By default the slug is derived from the name."""
    slug = slug or slugs.slug(name)
    account_id = await command_line.default_account(pool)
    origins = [slugs.origin(origin) for origin in origins]
    id = await project_settings.create_project(TenantPool(pool, account_id), name, slug, time_zone, origins)
    return {"id": str(id), "slug": slug, "name": name, "timeZone": time_zone, "origins": origins}


async def create_widget(
    pool: db.Pool,
    project: str,
    name: str,
    type: str,
    options: str | None,
    policy: str,
    window: timedelta | None,
    fields: str | None,
    is_open_form: bool,
) -> dict[str, Any]:
    """Create a widget in the project with that slug; its options are as `read_options` takes them."""
    owner = await find_project(pool, project)
    preset, options_json = read_options(options)
    if policy not in ("visitor", "address", "open"):
        raise FeelbackError(422, f"Policy must be visitor, address or open, not {policy}.")
    if type == "form" and not is_open_form and not json.loads(_json(fields, "fields")):
        raise FeelbackError(422, "A form needs fields. Give them as --fields, or accept any with --open-form.")
    tenant = TenantPool(pool, owner.account_id)
    id = await widget_settings.create_widget(
        tenant,
        owner.id,
        name,
        type,
        preset=preset,
        options=json.loads(options_json) if options_json else None,
        visitor_policy=policy,
        edit_window=window,
        fields=json.loads(_json(fields, "fields")),
        is_open_form=is_open_form,
    )
    widget = next(row for row in await widget_lookups.project_widgets(tenant, owner.id) if row.id == id)
    return {
        "id": str(id),
        "project": owner.slug,
        "name": widget.name,
        "type": widget.type,
        "policy": widget.visitor_policy,
        "windowSeconds": widget.edit_seconds,
        "options": json.loads(widget.options),
        "followUps": [dataclasses.asdict(row) for row in await follow_ups.follow_ups(tenant, owner.id, id)],
    }


async def create_key(pool: db.Pool, project: str, scope: str) -> dict[str, Any]:
    """Create an API key of a project. Only its hash is stored: this is the one time that the key is returned."""
    owner = await find_project(pool, project)
    secret = f"fbk_{scope}_{secrets.token_urlsafe(32)}"
    id = await api_keys.create_api_key(
        TenantPool(pool, owner.account_id), owner.id, scope, sha256(secret.encode()).digest(), secret[-4:]
    )
    return {"id": str(id), "project": owner.slug, "scope": scope, "key": secret}


async def find_project(pool: db.Pool, slug: str) -> command_line.NamedProject:
    """The only project with a slug.

    Raises:
        FeelbackError: 404 if there is none, 409 if several accounts have one.
    """
    projects = await command_line.project_by_slug(pool, slug)
    if not projects:
        raise FeelbackError(404, f"There is no project {slug}. Create it: feelback project create")
    if len(projects) > 1:
        raise FeelbackError(409, f"{len(projects)} accounts have a project {slug}. Use the panel of the one you mean.")
    return projects[0]


def read_options(text: str | None) -> tuple[str | None, str | None]:
    """Parse the options of a widget into (preset, JSON array); at most one of them is not None.

    `github` is a preset; `1..10` are whole numbers; `good=1,so so=0,bad=-1` are values with optional weights; text that
    begins with `[` is JSON: [{"value", "label", "icon", "weight"}].

    Raises:
        FeelbackError: 422 if the text is none of these.
    """
    if not text:
        return None, None
    if text.lstrip().startswith("["):
        return None, _json(text, "options")
    numbers = re.fullmatch(r"(-?\d{1,6})\.\.(-?\d{1,6})", text)
    if numbers:
        low, high = int(numbers[1]), int(numbers[2])
        if not low < high <= low + 99:
            raise FeelbackError(422, f"Options {text} must be a range of 2 to 100 whole numbers, such as 1..10.")
        return None, json.dumps([{"value": str(n)} for n in range(low, high + 1)])
    if "," not in text and "=" not in text:
        return text, None
    return None, json.dumps([_option(part.strip()) for part in text.split(",")])


def _option(text: str) -> dict[str, Any]:
    value, equals, weight = text.rpartition("=")
    if not equals or not re.fullmatch(r"-?(?:\d+(?:\.\d*)?|\.\d+)", weight):
        return {"value": text}
    return {"value": value, "weight": float(weight)}


def _json(text: str | None, what: str) -> str:
    try:
        return json.dumps(json.loads(text or "[]"))
    except ValueError:
        raise FeelbackError(422, f"{what.capitalize()} must be valid JSON.") from None


class Window(click.ParamType[timedelta | None]):
    """A duration such as 30m, 1h or 7d; `never` is zero, `forever` is None."""

    name = "window"

    def convert(self, value: Any, param: click.Parameter | None, context: click.Context | None) -> timedelta | None:
        if isinstance(value, timedelta) or value is None or value == "forever":
            return None if value == "forever" else value
        if value == "never":
            return timedelta(0)
        match = re.fullmatch(r"(\d{1,6})([smhd])", value)
        if not match:
            self.fail("use never, forever, or a duration such as 30m, 1h or 7d", param, context)
        return timedelta(seconds=int(match[1]) * _UNITS[match[2]])


def show(fields: dict[str, Any], as_json: bool) -> None:
    """Print the fields of a new object as one line of JSON, or as lines for people."""
    if as_json:
        click.echo(json.dumps(fields, ensure_ascii=False))
        return
    for name, value in fields.items():
        click.echo(f"{name:<14} {json.dumps(value, ensure_ascii=False) if isinstance(value, list) else value}")
