"""Settings of a project: update, archive, unarchive, delete its test responses."""

import json
import re
from collections.abc import Mapping
from typing import Any

from quart import Blueprint, Response, render_template, request

from app.errors import FeelbackError
from app.http.redirects import see_other
from app.panel.shared import auth, read
from app.queries import deletions, project_settings, projects, reconciliation
from app.queries.projects import Project
from app.text import slugs

blueprint = Blueprint("project_settings", __name__, url_prefix="/projects/<slug:slug>")
auth.require_actor(blueprint)
MOST_A_DAY = 1_000_000
# Of page keys, as fn.check_key_rules has them, with their defaults, which are not stored.
RULES: dict[str, Any] = {
    "trailing_slash": True, "index": True, "www": True, "hash_routes": False, "aliases": {}, "query": "keep",
}  # fmt: skip


@blueprint.get("/settings")
async def get_settings(slug: str) -> str:
    project = await projects.project(auth.tenant(), slug)
    return await _page(project, {}, "")


@blueprint.post("/settings")
async def post_settings(slug: str) -> Response:
    """Update the settings, or show the form with what is wrong."""
    project = await projects.project(auth.tenant(), slug)
    form = await request.form
    try:
        changes, admission = _changes(form), _admission(form)
        (values,) = await project_settings.project_settings(auth.tenant(), project.id)
        # Earlier versions stored defaults: to leave them out now changes nothing.
        if RULES | json.loads(values.key_rules) == RULES | changes["key_rules"]:
            del changes["key_rules"]
        await project_settings.update_project(auth.tenant(), project.id, changes, admission)
    except FeelbackError as error:
        if error.status not in (409, 422):
            raise
        return Response(await _page(project, form, error.text), error.status)
    return see_other(f"/projects/{changes['slug']}/settings?saved=1")


@blueprint.post("/archive")
async def post_archive(slug: str) -> Response:
    project = await projects.project(auth.tenant(), slug)
    await project_settings.archive_project(auth.tenant(), project.id)
    return see_other(f"/projects/{slug}/settings")


@blueprint.post("/unarchive")
async def post_unarchive(slug: str) -> Response:
    project = await projects.project(auth.tenant(), slug)
    await project_settings.unarchive_project(auth.tenant(), project.id)
    return see_other(f"/projects/{slug}/settings")


@blueprint.post("/test-responses/delete")
async def post_delete_test_responses(slug: str) -> Response:
    project = await projects.project(auth.tenant(), slug)
    await project_settings.delete_test_responses(auth.tenant(), project.id)
    return see_other(f"/projects/{slug}/settings")


def _changes(form: Mapping[str, str]) -> dict[str, Any]:
    keep, days = read.text(form, "keep", 10), read.number(form, "retention_days", 0, 0, 1_000_000)
    return {
        "name": read.text(form, "name", 300),
        "slug": read.text(form, "slug", 100),
        "time_zone": read.text(form, "time_zone", 64),
        "origins": [slugs.origin(line) for line in form.get("origins", "").splitlines() if line.strip()],
        "visitor_policy": read.text(form, "visitor_policy", 20),
        "retention_days": days if keep == "days" else None,
        "test_mode": "test_mode" in form,
        "key_rules": _rules(form),
    }


def _admission(form: Mapping[str, str]) -> dict[str, Any]:
    if "network_pages" not in form:  # a page from before these settings must not turn them off
        return {}
    return {
        "free_keys": "free_keys" in form,
        "network_pages": _limit(form, "network_pages", "New pages a day from one network"),
        "network_messages": _limit(form, "network_messages", "Messages a day from one network"),
    }


def _limit(form: Mapping[str, str], name: str, label: str) -> int:
    text = form.get(name, "").strip()
    if not re.fullmatch(r"[0-9]{1,7}", text) or int(text) > MOST_A_DAY:
        raise FeelbackError(422, f"{label} must be a number from 0 to {MOST_A_DAY:,}.")
    return int(text)


def _rules(form: Mapping[str, str]) -> dict[str, Any]:
    aliases = [line.split() for line in form.get("aliases", "").splitlines() if line.strip()]
    if any(len(pair) != 2 for pair in aliases):
        raise FeelbackError(422, "Write other hosts as two hosts a line with a space between: example.org example.com.")
    query = read.text(form, "query", 10)
    names = form.get("query_names", "").split()
    rules = {
        **{name: name in form for name, default in RULES.items() if isinstance(default, bool)},
        "aliases": dict(aliases),
        "query": names if query == "some" else "drop" if query == "drop" else "keep",
    }
    return {name: rule for name, rule in rules.items() if rule != RULES[name]}


async def _page(project: Project, form: Mapping[str, str], wrong: str) -> str:
    (values,) = await project_settings.project_settings(auth.tenant(), project.id)
    rules = json.loads(values.key_rules) if not form else _rules_or_none(form)
    return await render_template(
        "project_settings/page.html", section="Settings", project=project, values=values, form=form, wrong=wrong,
        admission=await project_settings.project_admission(auth.tenant(), project.id),
        rules=rules, zones=sorted({values.time_zone, *slugs.time_zones()}), may=project.role in ("owner", "admin"),
        deletions=await deletions.deletions(auth.tenant(), project.id),
        counts=await reconciliation.project_reconciliation(auth.tenant(), project.id), saved="saved" in request.args,
    )  # fmt: skip


def _rules_or_none(form: Mapping[str, str]) -> dict[str, Any]:
    try:
        return _rules(form)
    except FeelbackError:
        return {}
