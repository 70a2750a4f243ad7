"""Triage and passages of responses that a merge of pages holds: they stay while it can be undone, and go with them."""

import pytest

from app.database.migrations import FOLDER
from tests.support.merges import DAY, NOW, Model, build, merge, undo
from tests.support.sql_world import World

PASSAGE = '{"exact": "Press Enter.", "start": 0, "end": 12}'


def merged_model(world: World) -> Model:
    """Two merged pages, where each response has a note and a passage, also those that the merge holds."""
    model, _ = build(world, 20)
    world.ask("update response set body = 'Words'")
    world.ask("call fn.run_by_account('{gather messages}')")
    world.ask("select fn.create_note(%s, %s, id, 'A note') from response", model.project.account_id, model.project.id)
    world.ask("select fn.store_passage(account_id, id, %s) from response", PASSAGE)
    merge(model, "/old", "/new", 10**6)
    assert min(counts_on_holds(world)) > 0
    return model


def counts_on_holds(world: World) -> list[int]:
    """The numbers of notes and passages of responses that are held, or deleted."""
    query = "select count(*) from {} where response_id not in (select id from response)"
    return [world.value(query.format(table)) for table in ("note", "passage")]


def test_undoing_the_merge_returns_it(world: World) -> None:
    model = merged_model(world)
    query = "select (select count(*) from note), (select count(*) from passage)"
    before = world.ask(query)
    undo(model, "/old", 10**6)
    assert (counts_on_holds(world), world.ask(query)) == ([0, 0], before)


@pytest.mark.parametrize("how", ["time", "visitor", "response", "counting", "page", "project", "test", "retention"])
def test_it_goes_with_what_the_merge_holds(world: World, how: str) -> None:
    model = merged_model(world)
    account_id, project_id = model.project.account_id, model.project.id
    match how:
        case "time":
            world.ask("call fn.run_by_account('{delete old merge holds}', %s)", model.at + 31 * DAY)
        case "visitor":
            visitors = world.ask("select distinct visitor from merge_hold where visitor is not null")
            for (visitor,) in visitors:
                world.ask("select fn.purge_visitor(%s, %s, %s)", account_id, project_id, visitor)
        case "response":
            for (id,) in world.ask("select id from merge_hold"):
                world.ask("select fn.delete_response(%s, %s)", account_id, id)
        case "counting":
            for (id,) in world.ask("select distinct counting_id from merge_hold"):
                world.ask("select fn.delete_response(%s, %s)", account_id, id)
        case "page":
            world.ask("select fn.purge_placements(%s, array(select id from placement))", account_id)
        case "project":
            world.ask("select fn.purge_project(%s, %s)", account_id, project_id)
        case "test":
            world.ask("update response set counted_on = null")
            world.ask("update merge_hold set counted_on = null")
            world.ask("select fn.delete_test_responses(%s, %s)", account_id, project_id)
        case "retention":
            world.ask("update project set retention_days = 1 where id = %s", project_id)
            world.close(NOW)
            world.ask("call fn.delete_expired_responses(%s)", NOW)
    assert counts_on_holds(world) == [0, 0]


def test_the_migration_deletes_passages_whose_responses_are_deleted(world: World) -> None:
    model = merged_model(world)
    world.ask("update merge_hold set is_past = true where id = (select id from merge_hold order by id limit 1)")
    expected = world.ask("select id from response union select id from merge_hold where not is_past order by id")
    world.ask(
        "insert into passage (account_id, response_id, project_id, placement_id, exact, start_at, end_at)"
        " select %s, gen_random_uuid(), %s, gen_random_uuid(), 'Press Enter.', 0, 12 from generate_series(1, 1500)",
        model.project.account_id, model.project.id,
    )  # fmt: skip
    world.connection.execute((FOLDER / "0292.passages_left.sql").read_bytes())
    assert world.ask("select response_id from passage order by response_id") == expected
