"""`feelback project create`, `set create` and `key create`: what automation needs before there is a panel to click."""

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
from app.queries import api_keys, command_line, project_settings, widget_lookups, widget_settings
from app.text import slugs

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}


async def create_project(
    pool: db.Pool, name: str, slug: str | None, origins: list[str], time_zone: str
) -> dict[str, Any]:
    """Makes a project in the installation's first account; a slug that is not given is made of the name."""
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
    """Makes a widget in the project of that slug."""
    found = await find_project(pool, project)
    preset, given = read_options(options)
    if policy not in ("visitor", "address", "open"):
        raise FeelbackError(422, f"There is no policy {policy}: use visitor, address or open.")
    tenant = TenantPool(pool, found.account_id)
    id = await widget_settings.create_widget(
        tenant,
        found.id,
        name,
        type,
        preset=preset,
        options=json.loads(given) if given else None,
        visitor_policy=policy,
        edit_window=window,
        fields=json.loads(_json(fields, "fields")),
        is_open_form=is_open_form,
    )
    made = next(row for row in await widget_lookups.project_widgets(tenant, found.id) if row.id == id)
    return {
        "id": str(id),
        "project": found.slug,
        "name": made.name,
        "type": made.type,
        "policy": made.visitor_policy,
        "windowSeconds": made.edit_seconds,
        "options": json.loads(made.options),
    }


async def create_key(pool: db.Pool, project: str, kind: str) -> dict[str, Any]:
    """Makes an API key of a project; its secret is told here and never again."""
    found = await find_project(pool, project)
    secret = f"fbk_{kind}_{secrets.token_urlsafe(32)}"
    id = await api_keys.create_api_key(
        TenantPool(pool, found.account_id), found.id, kind, sha256(secret.encode()).digest(), secret[-4:]
    )
    return {"id": str(id), "project": found.slug, "kind": kind, "key": secret}


async def find_project(pool: db.Pool, slug: str) -> command_line.NamedProject:
    """The one project of that slug.

    Raises:
        FeelbackError: 404 where there is none, 409 where several accounts have one.
    """
    found = await command_line.project_by_slug(pool, slug)
    if not found:
        raise FeelbackError(404, f"There is no project {slug}. Make it with: feelback project create")
    if len(found) > 1:
        raise FeelbackError(409, f"{len(found)} accounts have a project {slug}. Use the panel of the one you mean.")
    return found[0]


def read_options(text: str | None) -> tuple[str | None, str | None]:
    """Options as the command line takes them, as (preset, JSON array): one of the two, or neither for the default.

    `github` is a preset; `1..10` whole numbers; `good=1,so so=0,bad=-1` values with weights, which may be left out;
    anything that begins with `[` is JSON: [{"value", "label", "icon", "weight"}].

    Raises:
        FeelbackError: 422.
    """
    if not text:
        return None, None
    if text.lstrip().startswith("["):
        return None, _json(text, "options")
    numbers = re.fullmatch(r"(-?\d{1,6})\.\.(-?\d{1,6})", text)
    if numbers:
        low, high = int(numbers[1]), int(numbers[2])
        if not low < high <= low + 99:
            raise FeelbackError(422, f"The options {text} are no range of 2 to 100 whole numbers.")
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
        raise FeelbackError(422, f"The {what} are not valid JSON.") from None


class Window(click.ParamType[timedelta | None]):
    """A length of time such as 30m, 1h or 7d; `never` is zero, `forever` None."""

    name = "window"

    def convert(self, value: Any, param: click.Parameter | None, context: click.Context | None) -> timedelta | None:
        """The length of time that was meant."""
        if isinstance(value, timedelta) or value is None or value == "forever":
            return None if value == "forever" else value
        if value == "never":
            return timedelta(0)
        found = re.fullmatch(r"(\d{1,6})([smhd])", value)
        if not found:
            self.fail("use never, forever, or a length of time such as 30m, 1h or 7d", param, context)
        return timedelta(seconds=int(found[1]) * _UNITS[found[2]])


def show(made: dict[str, Any], as_json: bool) -> None:
    """Prints what was made: as one line of JSON, or as lines to read."""
    if as_json:
        click.echo(json.dumps(made, ensure_ascii=False))
        return
    for name, value in made.items():
        click.echo(f"{name:<14} {json.dumps(value, ensure_ascii=False) if isinstance(value, list) else value}")
