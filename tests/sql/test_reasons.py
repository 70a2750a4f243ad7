"""Reasons where responses are deleted: by retention, with their page, widget, visitor, project or account."""

from collections import Counter
from typing import Any
from uuid import UUID

import psycopg
import pytest

from tests.support.merges import NOW, Model, build, merge, undo
from tests.support.recount import differences
from tests.support.sql_world import Response, World, local

TABLES = ("follow_up", "reason", "reason_tally", "reason_tally_day", "merge_reason_tally")


def mentions(world: World) -> Counter[tuple[UUID, str, str]]:
    """The tallies of reasons by placement, day and reason; those of all time are their sums."""
    days = world.ask("select placement_id, day::text, reason_no::text, count from reason_tally_day where count > 0")
    sums = world.ask(
        "select placement_id, reason_no, sum(count) from reason_tally_day where count > 0 group by 1, 2 order by 1, 2"
    )
    assert sums == world.ask(
        "select placement_id, reason_no, count from reason_tally where count > 0 order by placement_id, reason_no"
    )
    return Counter({(placement, day, no): count for placement, day, no, count in days})


def grown(world: World, seed: int) -> Model:
    """A project whose responses have reasons, words and contacts."""
    model, luck = build(world, seed)
    for widget in model.widgets:
        world.follow_ups(widget)
    for item in model.counting().values():
        world.grow(Response(item.widget.account_id, item.id), luck.sample("abc", luck.randrange(1, 4)), message="Words")
    world.ask("update response set contact = 'ada@world.example'")
    return model


def test_retention_keeps_the_counts_and_a_merge_can_still_be_undone(world: World) -> None:
    model = grown(world, 20)
    before = mentions(world)
    assert before
    merge(model, "/old", "/new", 10**6)
    after = mentions(world)
    assert after != before
    world.ask("update project set retention_days = 1 where id = %s", model.project.id)
    world.close(NOW)
    for _ in range(2):
        world.ask("call fn.delete_expired_responses(%s)", NOW)
    assert world.value("select count(*) from response") == 0
    assert world.value("select count(*) from merge_hold") > 0
    assert world.value("select count(*) from merge_hold where body is not null or contact is not null") == 0
    assert mentions(world) == after
    assert world.value("call fn.reconcile(%s)", NOW) == 0
    model.at = NOW
    undo(model, "/old", 10**6)
    assert mentions(world) == before
    assert world.value("call fn.reconcile(%s)", NOW) == 0


def test_counts_of_the_source_that_retention_left_move_along(world: World) -> None:
    model = grown(world, 21)
    world.ask("update project set retention_days = 1 where id = %s", model.project.id)
    world.close(NOW)
    for _ in range(2):
        world.ask("call fn.delete_expired_responses(%s)", NOW)
    before = mentions(world)
    model.at = NOW
    merge(model, "/old", "/new", 10**6)
    after = mentions(world)
    source = [row[0] for row in world.ask("select id from placement where key = '/old'")]
    assert not [key for key in after if key[0] in source]
    assert sum(after.values()) == sum(before.values())
    undo(model, "/old", 10**6)
    assert mentions(world) == before


@pytest.mark.parametrize("what", ["placement", "widget", "project", "account"])
def test_they_are_deleted_with_what_they_are_about(world: World, what: str) -> None:
    model, other = grown(world, 80), grown(world, 81)
    account_id, project_id, widget = model.project.account_id, model.project.id, model.widgets[0]
    rest = dict(mentions(world))
    ids = [row[0] for row in world.ask("select id from placement where account_id = %s", account_id)]
    of_widget = [row[0] for row in world.ask("select id from placement where widget_id = %s", widget.id)]
    deletions: dict[str, tuple[str, list[Any], list[UUID]]] = {
        "placement": ("select fn.purge_placements(%s, %s)", [account_id, of_widget[:1]], of_widget[:1]),
        "widget": ("select fn.purge_widget(%s, %s)", [account_id, widget.id], of_widget),
        "project": ("select fn.purge_project(%s, %s)", [account_id, project_id], ids),
        "account": ("select fn.purge_account(%s)", [account_id], ids),
    }
    sql, arguments, deleted = deletions[what]
    world.ask(sql, *arguments)
    assert dict(mentions(world)) == {key: count for key, count in rest.items() if key[0] not in deleted}
    for table in ("reason_tally", "reason_tally_day"):
        assert world.value(f"select count(*) from {table} where placement_id = any (%s)", deleted) == 0
    if what in ("project", "account"):
        for table in TABLES:
            assert world.value(f"select count(*) from {table} where account_id = %s", account_id) == 0
    if what == "widget":
        assert world.value("select count(*) from reason where widget_id = %s", widget.id) == 0
    assert world.value("select count(*) from reason where account_id = %s", other.project.account_id) == 12


def test_deleting_a_visitor_takes_their_reasons(world: World) -> None:
    model = grown(world, 40)
    visitor = next(item.visitor for item in model.counting().values() if item.visitor)
    world.ask("select fn.purge_visitor(%s, %s, %s)", model.project.account_id, model.project.id, visitor.encode())
    assert world.value("select count(*) from response where visitor = %s", visitor.encode()) == 0
    world.close(model.at)
    assert differences(world) == {}


def test_reconciling_repairs_them_and_keeps_what_retention_left(world: World) -> None:
    model = grown(world, 50)
    world.close(model.at)
    right = mentions(world)
    world.ask(f"update reason_tally_day set count = count + 2 where {world.rows('reason_tally_day')[0]}")
    world.ask(f"delete from reason_tally where {world.rows('reason_tally', most=1000)[-1]}")
    assert world.value("call fn.reconcile(%s)", model.at) > 0
    assert mentions(world) == right
    recorded = {row[0] for row in world.ask("select what from reconciliation")}
    assert recorded == {"reason_tally", "reason_tally_day"}


BAD: list[tuple[str, str, str]] = [
    ('{"option": "+1"}', "question", "1 to 200 characters"),
    ('{"option": "nonsense", "question": "Why?", "reasons": [{"value": "a"}]}', "option", "nonsense"),
    ('{"option": "+1", "question": "Why?"}', "reasons", "must not be empty"),
    ('{"option": "+1", "question": "Why?", "reasons": [{"value": "a"}, {"value": "a"}]}', "reasons[1].value", "differ"),
    ('{"option": "+1", "question": "Why?", "reasons": [{"label": "a"}]}', "reasons[0].value", "1 to 100 characters"),
    ('{"option": "+1", "question": "Why?", "multiple": 1, "reasons": [{"value": "a"}]}', "multiple", "true or false"),
]


@pytest.mark.parametrize(("follow_up", "field", "fault"), BAD)
def test_follow_ups_are_validated(world: World, follow_up: str, field: str, fault: str) -> None:
    project = world.project(at=local("2026-01-01T00:00"))
    widget = world.widget(project)
    with pytest.raises(psycopg.Error, match=fault) as error:
        world.ask(
            "select fn.update_follow_ups(%s, %s, %s, jsonb_build_array(%s::jsonb))",
            project.account_id, project.id, widget.id, follow_up,
        )  # fmt: skip
    assert (error.value.sqlstate, error.value.diag.column_name) == ("FB422", f"followUps[0].{field}")
    assert world.value("select count(*) from follow_up") == 0


def test_an_audit_entry_says_what_changed_and_nothing_changes_twice(world: World) -> None:
    project = world.project(at=local("2026-01-01T00:00"))
    widget = world.widget(project)
    for _ in range(2):
        world.follow_ups(widget)
    entries = world.ask("select details from audit where what = 'widget.follow_ups_updated'")
    assert len(entries) == 1
    assert entries[0][0]["from"] == []
    assert [item["option"] for item in entries[0][0]["to"]] == ["+1", "-1"]
    assert world.ask("select no, option_no, value from reason order by no") == [
        (1, 1, "a"), (2, 1, "b"), (3, 1, "c"), (4, 2, "a"), (5, 2, "b"), (6, 2, "c"),
    ]  # fmt: skip


def test_an_export_has_reasons_and_contact(world: World) -> None:
    project = world.project(at=NOW)
    widget = world.widget(project)
    world.follow_ups(widget)
    response = world.send(widget, 2, NOW)
    plain = world.send(widget, 1, NOW)
    world.grow(response, ["c", "a"])
    world.ask("update response set contact = '=ada@world.example' where id = %s", response.id)
    rows = {
        row["id"]: row
        for row in world.dicts(
            "select * from fn.exported_responses(%s, %s, null, null, '', null, null, '', null,"
            " 'ffffffff-ffff-ffff-ffff-ffffffffffff', true)",
            project.account_id, project.id,
        )
    }  # fmt: skip
    assert rows[response.id]["reasons"] == ["a", "c"]
    assert rows[response.id]["contact"] == "'=ada@world.example"
    assert (rows[plain.id]["reasons"], rows[plain.id]["contact"]) == (None, None)
