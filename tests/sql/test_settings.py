"""Settings of projects, widgets, pages and keys: updates, refusals and audit entries."""

import json
from datetime import timedelta
from typing import Any

import psycopg
import pytest

from tests.support.recount import differences
from tests.support.sql_world import Project, World, local

DAY = timedelta(days=1)
NOW = local("2026-09-15T12:00")


def change(world: World, of: Project, changes: Any, at: Any = NOW) -> None:
    world.ask("select fn.update_project(%s, %s, %s, %s)", of.account_id, of.id, json.dumps(changes), at)


def audit_entries(world: World) -> list[tuple[str, str]]:
    return [(what, about) for what, about in world.ask("select what, about from audit order by at, id")]


def refusal(world: World, query: str, *arguments: Any) -> tuple[str, str]:
    """The SQLSTATE and message with which a statement is refused."""
    with pytest.raises(psycopg.Error) as refused:
        world.ask(query, *arguments)
    return refused.value.sqlstate or "", str(refused.value).splitlines()[0]


def test_it_changes_what_is_named_and_notes_it(world: World) -> None:
    project = world.project()
    change(
        world, project,
        {
            "name": " Blog ", "slug": "blog", "origins": ["https://example.com"], "retention_days": 90,
            "test_mode": True, "key_rules": {"www": False, "query": ["page"]}, "visitor_policy": "address",
        },
    )  # fmt: skip
    row = world.dicts("select * from fn.project_settings(%s, %s)", project.account_id, project.id)[0]
    assert (row["name"], row["slug"], row["origins"]) == ("Blog", "blog", ["https://example.com"])
    assert (row["retention_days"], row["test_mode"], row["visitor_policy"]) == (90, True, "address")
    assert json.loads(row["key_rules"]) == {"www": False, "query": ["page"]}
    change(world, project, {"retention_days": None})
    assert world.value("select retention_days from fn.project_settings(%s)", project.account_id) is None
    change(world, project, {"name": "Blog"})  # nothing new
    rows = world.ask("select what, about, details from audit where what = 'project.updated' order by id")
    assert len(rows) == 2
    assert rows[0][2]["slug"]["to"] == "blog"
    assert set(rows[1][2]) == {"retention_days"}


WRONG = {
    "a name that is empty": {"name": " "},
    "a name of two lines": {"name": "a\nb"},
    "a slug": {"slug": "A b"},
    "a zone": {"time_zone": "Moon/Base"},
    "an origin": {"origins": ["example.com"]},
    "origins that are none": {"origins": [1]},
    "a retention of nothing": {"retention_days": 0},
    "half a day": {"retention_days": 1.5},
    "a policy": {"visitor_policy": "anybody"},
    "no policy": {"visitor_policy": None},
    "a rule": {"key_rules": {"slash": True}},
    "a rule of another kind": {"key_rules": {"www": "yes"}},
    "a host that is none": {"key_rules": {"aliases": {"a": 1}}},
    "what is not its to change": {"account_id": "00000000-0000-0000-0000-000000000000"},
    "a switch": {"test_mode": "on"},
    "no object": [],
}


@pytest.mark.parametrize("what", WRONG)
def test_it_refuses(world: World, what: str) -> None:
    project = world.project()
    with pytest.raises(psycopg.Error) as refused:
        change(world, project, WRONG[what])
    assert refused.value.sqlstate == "FB422"


def test_it_refuses_a_slug_that_another_project_has(world: World) -> None:
    first = world.project()
    second = world.project(account_id=first.account_id)
    slug = world.value("select slug from project where id = %s", second.id)
    with pytest.raises(psycopg.Error) as refused:
        change(world, first, {"slug": slug})
    assert refused.value.sqlstate == "FB409"


@pytest.mark.parametrize(
    ("before", "after"),
    [("America/New_York", "Pacific/Auckland"), ("Pacific/Auckland", "America/New_York"), ("UTC", "Europe/Rome")],
)
def test_it_moves_to_another_zone_and_counts_right(world: World, before: str, after: str) -> None:
    project = world.project(before, NOW - 80 * DAY)
    votes = world.widget(project)
    for n in range(60):
        world.send(votes, 1 + n % 2, NOW - n * DAY, f"/{n % 3}", f"visitor {n}")
    world.close(NOW)
    had = dict(world.ask("select day, sum(count) from project_day where project_id = %s group by 1", project.id))
    change(world, project, {"time_zone": after})
    today = world.value("select (%s at time zone %s)::date", NOW, after)
    world.refresh(NOW)
    # Windows end on the new today, and counted responses keep their day.
    assert world.value("select through from project_roll where project_id = %s", project.id) == today
    assert (
        dict(world.ask("select day, sum(count) from project_day where project_id = %s group by 1", project.id)) == had
    )
    world.send(votes, 1, NOW, "/0", "somebody")
    assert world.value("select max(counted_on) from response where visitor = 'somebody'") == today
    for day in range(3):
        world.close(NOW + day * DAY)
        assert world.value("call fn.reconcile(%s)", NOW + day * DAY) == 0
    assert differences(world) == {}


def test_it_archives_and_unarchives(world: World) -> None:
    project = world.project()
    votes = world.widget(project)
    world.send(votes, 1, NOW)
    page = world.page(project)
    at = "select archived_at is not null from {} where id = %s"
    for noun, table, ids in (
        ("project", "project", (project.id,)),
        ("widget", "widget", (project.id, votes.id)),
        ("page", "page", (project.id, page)),
    ):
        of = [project.account_id, *ids]
        marks = ", ".join(["%s"] * len(of))
        for _ in range(2):
            world.ask(f"select fn.archive_{noun}({marks})", *of)
        assert world.value(at.format(table), ids[-1]) is True
        if noun == "project":
            assert world.value("select is_archived from fn.ingest_widget(%s)", votes.id) is True
        for _ in range(2):
            world.ask(f"select fn.unarchive_{noun}({marks})", *of)
        assert world.value(at.format(table), ids[-1]) is False
    assert [what for what, _ in audit_entries(world)][2:] == [
        "project.archived", "project.unarchived", "widget.archived", "widget.unarchived", "page.archived",
        "page.unarchived",
    ]  # fmt: skip


def test_it_updates_a_widget(world: World) -> None:
    project = world.project()
    change(world, project, {"visitor_policy": "open"})
    votes = world.widget(project)
    form = world.widget(project, "form")
    names = "select visitor_policy, edit_seconds, name from fn.widget_settings(%s, %s, %s)"
    assert world.ask(names, project.account_id, project.id, votes.id)[0][:2] == ("open", 3600)
    call = "select fn.update_widget(%s, %s, %s, %s)"
    of = project.account_id, project.id
    world.ask(call, *of, votes.id, json.dumps({"name": "Helpful?", "edit_seconds": None, "visitor_policy": "address"}))
    assert world.ask(names, *of, votes.id) == [("address", None, "Helpful?")]
    world.ask(call, *of, votes.id, json.dumps({"edit_seconds": 0, "key_rules": {"index": False}}))
    assert world.ask(names, *of, votes.id) == [("address", 0, "Helpful?")]
    fields = [{"name": "mail", "kind": "email", "required": True}]
    world.ask(call, *of, form.id, json.dumps({"fields": fields, "is_open_form": True}))
    assert json.loads(world.value("select fields from fn.widget_settings(%s, %s, %s)", *of, form.id)) == fields
    for id, wrong, status in (
        (votes.id, {"fields": fields}, "FB422"),
        (votes.id, {"edit_seconds": -1}, "FB422"),
        (votes.id, {"type": "pulse"}, "FB422"),
        (form.id, {"name": "Helpful?"}, "FB409"),
        (project.id, {"name": "x"}, "FB404"),
    ):
        assert refusal(world, call, *of, id, json.dumps(wrong))[0] == status, wrong
    assert [what for what, _ in audit_entries(world)].count("widget.updated") == 3


def test_it_renames_a_page_and_refuses_a_key_that_is_taken(world: World) -> None:
    project = world.project("UTC", NOW - DAY)
    votes = world.widget(project)
    for key in ("/a", "/b"):
        world.send(votes, 1, NOW, key)
    placement = world.placement(votes, "/a")
    page = world.page(project, "/a")
    of = project.account_id, project.id, page
    world.ask("select fn.rename_page(%s, %s, %s, '/c')", *of)
    assert world.placement(votes, "/c") == placement
    assert refusal(world, "select fn.rename_page(%s, %s, %s, '/b')", *of)[0] == "FB409"
    assert refusal(world, "select fn.rename_page(%s, %s, %s, %s)", *of, "é" * 1025)[0] == "FB422"
    world.send(votes, 2, NOW, "/a")
    assert world.placement(votes, "/a") != placement
    world.close(NOW)
    assert differences(world) == {}
    other = world.project(account_id=project.account_id)
    assert refusal(world, "select fn.rename_page(%s, %s, %s, '/d')", other.account_id, other.id, page)[0] == "FB404"


def test_it_makes_lists_and_revokes_keys(world: World) -> None:
    project = world.project()
    of = project.account_id, project.id
    make = "select fn.create_api_key(%s, %s, %s, sha256(%s), 'abcd', %s, %s, %s)"
    first = world.value(make, *of, "read", b"one", "Nightly export", NOW + DAY, NOW)
    second = world.value(make, *of, "write", b"two", "", None, NOW + DAY)
    rows = world.dicts("select * from fn.api_keys(%s, %s)", *of)
    assert [(row["id"], row["scope"], row["name"]) for row in rows] == [
        (second, "manage", ""), (first, "read_messages", "Nightly export"),
    ]  # fmt: skip
    known = "select count(*) from fn.ingest_api_key(sha256(%s), %s)"
    assert world.value(known, b"one", NOW) == 1
    assert world.value(known, b"one", NOW + DAY) == 0  # expired
    world.ask("select fn.revoke_api_key(%s, %s, %s)", *of, second)
    world.ask("select fn.revoke_api_key(%s, %s, %s)", *of, second)
    assert world.value(known, b"two", NOW) == 0
    assert [row["id"] for row in world.dicts("select * from fn.api_keys(%s, %s)", *of)] == [first, second]
    assert refusal(world, make, *of, "admin", b"x", "", None, NOW)[0] == "FB422"
    assert refusal(world, make, *of, "read", b"x", "", NOW, NOW)[0] == "FB422"
    assert refusal(world, make, project.account_id, first, "read", b"x", "", None, NOW)[0] == "FB404"
    assert [what for what, _ in audit_entries(world)].count("api_key.revoked") == 1
