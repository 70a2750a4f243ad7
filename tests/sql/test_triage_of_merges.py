"""Triage of responses that a merge of pages holds: it stays while the merge can be undone, and goes with them."""

import pytest

from tests.support.merges import DAY, NOW, Model, build, merge, undo
from tests.support.sql_world import World


def merged_model(world: World) -> Model:
    """Two merged pages, where members have noted something about each response, also of those that the merge holds."""
    model, _ = build(world, 20)
    world.ask("update response set body = 'Words'")
    world.ask("call fn.run_by_account('{gather messages}')")
    world.ask("select fn.create_note(%s, %s, id, 'A note') from response", model.project.account_id, model.project.id)
    merge(model, "/old", "/new", 10**6)
    assert notes_on_holds(world) > 0
    return model


def notes_on_holds(world: World) -> int:
    """The number of notes about responses that are held, or deleted."""
    return int(world.value("select count(*) from note where response_id not in (select id from response)"))


def test_undoing_the_merge_returns_it(world: World) -> None:
    model = merged_model(world)
    notes = world.value("select count(*) from note")
    undo(model, "/old", 10**6)
    assert (notes_on_holds(world), world.value("select count(*) from note")) == (0, notes)


@pytest.mark.parametrize("how", ["time", "visitor", "response", "page", "retention"])
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
        case "page":
            world.ask("select fn.purge_placements(%s, array(select id from placement))", account_id)
        case "retention":
            world.ask("update project set retention_days = 1 where id = %s", project_id)
            world.close(NOW)
            world.ask("call fn.delete_expired_responses(%s)", NOW)
    assert notes_on_holds(world) == 0
