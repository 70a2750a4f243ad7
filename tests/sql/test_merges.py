"""Merged pages: responses before, during and after a merge, and after undoing it, as an independent count has them."""

from typing import Any

import psycopg
import pytest

from tests.support.merges import ADDRESSES, DAY, NOW, Model, act, build, check, finish_merges, merge, page, send, undo
from tests.support.sql_world import World, local


@pytest.mark.parametrize("seed", range(4))
def test_merge_and_undo_are_exact(world: World, seed: int) -> None:
    model, luck = build(world, seed)
    for source in ("/old", "/older"):
        preview = world.dicts(
            "select * from fn.merge_preview(%s, %s, %s, %s)",
            model.project.account_id, model.project.id, page(model, source), page(model, "/new"),
        )[0]  # fmt: skip
        merge(model, source, "/new", 10**6)
        assert world.value("call fn.reconcile(%s)", model.at) == 0
        model.into[source] = "/new"
        check(model)
        on_page = sum(n for (_, key, _), n in model.counts().items() if key == "/new")
        assert preview["responses"] == on_page
        act(model, luck, 40)
        check(model)
    for source in ("/older", "/old"):
        undo(model, source, 10**6)
        assert world.value("call fn.reconcile(%s)", model.at) == 0
        del model.into[source]
        check(model)
        act(model, luck, 30)
        check(model)


@pytest.mark.parametrize("seed", range(10, 13))
def test_in_batches_while_responses_arrive(world: World, seed: int) -> None:
    model, luck = build(world, seed)
    id = merge(model, "/old", "/new", -1)
    model.into["/old"] = "/new"
    batch = "select fn.continue_merge(%s, %s, 9, %s)"
    assert world.value("select due_at from fn.work_kind where name = 'merge'") == model.at
    while world.value(batch, model.project.account_id, id, model.at) != "merged":
        assert world.value("call fn.reconcile(%s)", model.at) == 0
        world.refresh(model.at)
        model.send(luck.choice(model.widgets), luck.choice(("/old", "/new")), f"visitor-{luck.randrange(14)}", 1)
    check(model)
    act(model, luck, 30)
    check(model)
    undo(model, "/old", -1)
    del model.into["/old"]
    while world.value(batch, model.project.account_id, id, model.at) != "undone":
        assert world.value("call fn.reconcile(%s)", model.at) == 0
        world.refresh(model.at)
        model.send(luck.choice(model.widgets), luck.choice(("/old", "/new")), f"visitor-{luck.randrange(14)}", 2)
    check(model)
    assert world.value("select due_at from fn.work_kind where name = 'merge'") is None
    for table in ("merge_response", "merge_hold", "merge_visit", "merge_visitor", "merge_tally"):
        assert world.value(f"select count(*) from {table}") == 0


def test_retention_and_undo(world: World) -> None:
    """Counts whose responses are deleted go along and come back, and who was counted then is not counted again."""
    model, _ = build(world, 20)
    before = model.stored()
    merge(model, "/old", "/new", 10**6)
    world.ask("update project set retention_days = 1 where id = %s", model.project.id)
    after = model.stored()
    world.close(NOW)
    for _ in range(2):
        world.ask("call fn.delete_expired_responses(%s)", NOW)
    assert world.value("select count(*) from response") == 0
    assert world.value("select count(*) from merge_hold where visitor is not null or context is not null") == 0
    assert model.stored() == after
    assert world.value("call fn.reconcile(%s)", NOW) == 0
    first = next(item for item in model.items.values() if item.visitor and item.address == "/old")
    assert send(world, first.widget, "/new", first.visitor, 1, NOW, list(ADDRESSES))[0] == "duplicate"
    model.at = NOW
    undo(model, "/old", 10**6)
    assert model.stored() == before
    assert world.value("call fn.reconcile(%s)", NOW) == 0
    assert send(world, first.widget, "/old", first.visitor, 1, NOW, list(ADDRESSES))[0] == "duplicate"


def test_a_month_stays_as_long_as_a_merge_holds_responses_of_it(world: World) -> None:
    model, _ = build(world, 20)
    merge(model, "/old", "/new", 10**6)
    hold_ids = world.ask("select id from merge_hold order by id")
    assert hold_ids
    # Retention has deleted all others of that month, and of another project more than that.
    world.ask("delete from response")
    other = world.project()
    world.ask("update project set retained_from = %s where id = %s", NOW + 60 * DAY, other.id)
    months = "select count(*) from pg_class where relname = 'response_2026_08'"
    assert world.value("select fn.drop_empty_months(%s)", NOW + 60 * DAY) == 1  # July, of the project's first day
    assert world.value(months) == 1
    undo(model, "/old", 10**6)
    assert world.ask("select id from response order by id") == hold_ids
    world.ask("delete from response")
    assert world.value("select fn.drop_empty_months(%s)", NOW + 60 * DAY) > 0
    assert world.value(months) == 0


def test_new_widget_by_the_alias(world: World) -> None:
    model, _ = build(world, 30)
    merge(model, "/old", "/new", 10**6)
    model.into["/old"] = "/new"
    model.widgets.append(world.widget(model.project, "updown"))
    model.send(model.widgets[2], "/old", "visitor-1", 1)
    model.send(model.widgets[2], "/new", "visitor-1", 2)
    check(model)
    undo(model, "/old", 10**6)
    del model.into["/old"]
    check(model)


def refusal(model: Model, query: str, *arguments: Any) -> str:
    """The code of an error."""
    with pytest.raises(psycopg.Error) as error:
        model.world.ask(query, model.project.account_id, model.project.id, *arguments)
    return str(error.value.sqlstate)


def test_what_cannot_be_merged(world: World) -> None:
    model, _ = build(world, 40)
    old, new, older = (page(model, key) for key in ADDRESSES)
    sql = "select fn.merge_pages(%s, %s, %s, %s, %s)"
    assert refusal(model, sql, old, old, NOW) == "FB422"
    assert refusal(model, sql, old, model.project.id, NOW) == "FB404"
    merge(model, "/old", "/new", 10**6)
    assert refusal(model, sql, old, older, NOW) == "FB409"
    assert refusal(model, sql, new, older, NOW) == "FB409"
    assert refusal(model, "select fn.rename_page(%s, %s, %s, '/x')", old) == "FB409"
    merge(model, "/older", "/new", 10**6)
    assert refusal(model, "select fn.undo_merge(%s, %s, %s, %s)", old, NOW) == "FB409"
    undo(model, "/older", 10**6)
    later = model.at + 31 * DAY
    assert refusal(model, "select fn.undo_merge(%s, %s, %s, %s)", old, later) == "FB409"


def test_after_30_days_it_stays(world: World) -> None:
    model, _ = build(world, 50)
    merge(model, "/old", "/new", 10**6)
    model.into["/old"] = "/new"
    for job in ("delete old merge responses", "delete old merge tallies"):
        world.ask("call fn.purge(%s, %s)", job, model.at + 31 * DAY)
    assert world.value("call fn.run_by_account('{delete old merge holds}', %s)", model.at + 31 * DAY) > 0
    assert world.value("select (select count(*) from merge_hold) + (select count(*) from merge_response)") == 0
    visitor = next(item for item in model.items.values() if item.visitor and item.address == "/old")
    model.send(visitor.widget, "/new", visitor.visitor, 2)
    check(model)


def test_rename_keeps_the_alias(world: World) -> None:
    model, _ = build(world, 60)
    merge(model, "/old", "/new", 10**6)
    world.ask(
        "select fn.rename_page(%s, %s, %s, '/newest')", model.project.account_id, model.project.id, page(model, "/new")
    )
    widget = model.widgets[0]
    keys = [*ADDRESSES, "/newest"]
    assert send(world, widget, "/old", "somebody", 1, model.at, keys)[0] is None
    assert send(world, widget, "/newest", "somebody", 1, model.at, keys)[0] == "duplicate"


def test_deleting_the_page_deletes_its_aliases(world: World) -> None:
    model, _ = build(world, 70)
    merge(model, "/old", "/new", 10**6)
    world.ask(
        "select fn.delete_pages(%s, %s, '', '/new', %s)",
        model.project.account_id,
        model.project.id,
        local("2100-01-01T00:00"),
    )
    # What is left to the worker, which on Citus is all.
    world.ask("call fn.run_by_account('{continue deletions}', now() + interval '1 minute')")
    assert [key for (key,) in world.ask("select key from page")] == ["/older"]
    for table in ("merge_response", "merge_hold", "merge_visit", "merge_tally", "page_merge"):
        assert world.value(f"select count(*) from {table}") == 0
    assert world.value("call fn.reconcile(%s)", model.at) == 0


def test_deleting_the_account_deletes_its_merges(world: World) -> None:
    model, _ = build(world, 80)
    other, _ = build(world, 81)
    for each in (model, other):
        source, target = (
            world.value("select id from page where account_id = %s and key = %s", each.project.account_id, key)
            for key in ("/old", "/new")
        )
        sql = "select fn.merge_pages(%s, %s, %s, %s, %s)"
        world.ask(sql, each.project.account_id, each.project.id, source, target, each.at)
    finish_merges(world, model.at)
    world.ask("select fn.purge_account(%s)", model.project.account_id)
    for table in ("page", "placement", "page_merge", "merge_response", "merge_hold"):
        assert world.ask(f"select distinct account_id from {table}") == [(other.project.account_id,)]
