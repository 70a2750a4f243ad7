"""Merged pages: responses before, during and after a merge, and after undoing it, as an independent count has them."""

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest

from tests.support.recount import differences
from tests.support.sql_world import Project, Widget, World, local

NOW = local("2026-09-15T12:00")
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
ADDRESSES = ("/old", "/new", "/older")


@dataclass
class Item:
    """A response of the model."""

    id: UUID
    widget: Widget
    address: str
    visitor: str | None
    option: int


@dataclass
class Model:
    """Pages and their visitors, counted in the plainest way. `into` are the merges in effect, by source."""

    world: World
    project: Project
    widgets: list[Widget]
    at: Any = NOW - 20 * DAY
    items: dict[UUID, Item] = field(default_factory=dict)
    into: dict[str, str] = field(default_factory=dict)

    def page(self, address: str) -> str:
        """The page of an address."""
        return self.into.get(address, address)

    def counting(self) -> dict[UUID, Item]:
        """The newest response of each visitor on each page."""
        newest: dict[Any, Item] = {}
        for item in sorted(self.items.values(), key=lambda item: item.id):
            newest[item.widget.id, self.page(item.address), item.visitor or item.id] = item
        return {item.id: item for item in newest.values()}

    def counts(self) -> Counter[tuple[UUID, str, int]]:
        """Responses by widget, page and option."""
        return Counter((item.widget.id, self.page(item.address), item.option) for item in self.counting().values())

    def stored(self) -> Counter[tuple[UUID, str, int]]:
        """The same as the database counts them."""
        rows = self.world.ask(
            "select c.widget_id, c.key, t.option_no, t.count from tally as t"
            " join placement as c on c.account_id = t.account_id and c.id = t.placement_id"
            " where t.count > 0 and t.account_id = %s",
            self.project.account_id,
        )
        return Counter({(widget, key, option): count for widget, key, option, count in rows})

    def send(self, widget: Widget, address: str, visitor: str | None, option: int) -> None:
        """A visitor responds at an address."""
        self.at += MINUTE
        outcome, id = send(self.world, widget, address, visitor, option, self.at, list(ADDRESSES))
        known = [
            item
            for item in self.counting().values()
            if visitor and item.visitor == visitor and item.widget == widget
            and self.page(item.address) == self.page(address)
        ]  # fmt: skip
        if known:
            assert (outcome, id) == ("duplicate", known[0].id)
            known[0].option = option
        else:
            assert outcome is None
            self.items[id] = Item(id, widget, address, visitor, option)

    def remove(self, item: Item) -> None:
        """Delete a counting response; what is held for it goes too."""
        assert self.world.value("select fn.delete_response(%s, %s)", self.project.account_id, item.id)
        for other in list(self.items.values()):
            same = (other.widget, self.page(other.address)) == (item.widget, self.page(item.address))
            if other.id == item.id or (item.visitor and other.visitor == item.visitor and same):
                del self.items[other.id]


def send(
    world: World, widget: Widget, address: str, visitor: str | None, option: int, at: Any, addresses: list[str]
) -> tuple[str | None, UUID]:
    """Store a response as ingestion does: in a batch, and where its page has aliases at all of its addresses."""
    world.ask("select fn.create_partitions(%s, 0)", at)
    day = world.value("select day from fn.ingest_widget(%s, %s)", widget.id, at)
    id = world.value("select fn.uuid_v7(%s)", at)
    keys = {key: f"{widget.id}{key}{visitor}".encode() if visitor else None for key in addresses}
    rows = world.ask(
        "select outcome, response_id from fn.ingest_responses("
        "array[%s::uuid], array[%s::uuid], array[%s], array[%s::uuid], array[%s::bigint], array[%s::date],"
        "array[%s::smallint], null, null, null, array[%s::bytea], array[%s::bytea], null, null, 1000000, null)",
        widget.account_id, widget.id, address, id, round(at.timestamp() * 1000), day, option,
        visitor and visitor.encode(), keys[address],
    )  # fmt: skip
    if rows and rows[0][0] == "moved":
        version, known = world.ask(
            "select * from fn.page_addresses(%s, %s, %s)", widget.account_id, widget.id, address
        )[0]
        rows = world.ask(
            "select outcome, response_id from fn.ingest_merged_response("
            "%s, %s, %s, %s, %s, %s, %s::smallint, null, null, null, %s, %s, null, null, null, %s, %s, %s, null,"
            " false)",
            widget.account_id, widget.id, address, id, round(at.timestamp() * 1000), day, option,
            visitor and visitor.encode(), keys[address], version, known, [keys[key] for key in known],
        )  # fmt: skip
    return (rows[0][0], rows[0][1]) if rows else (None, id)


def act(model: Model, luck: random.Random, steps: int) -> None:
    """Random responses and deletions."""
    for _ in range(steps):
        items = list(model.counting().values())
        if items and luck.random() < 0.08:
            model.remove(luck.choice(items))
            continue
        visitor = f"visitor-{luck.randrange(12)}" if luck.random() < 0.85 else None
        model.send(luck.choice(model.widgets), luck.choice(ADDRESSES), visitor, luck.randrange(1, 3))


def check(model: Model) -> None:
    """What is stored is what the model counts, aggregates follow, and reconciling finds nothing."""
    world = model.world
    assert model.stored() == model.counts()
    world.close(model.at)
    assert differences(world) == {}
    assert world.value("call fn.reconcile(%s)", model.at) == 0


def page(model: Model, key: str) -> UUID:
    """The page of a key."""
    return UUID(str(model.world.value("select id from page where key = %s", key)))


def merge(model: Model, source: str, target: str, most: int) -> UUID:
    """Merge two pages; with `most` -1 the worker does it."""
    model.at += MINUTE
    id = model.world.value(
        "select fn.merge_pages(%s, %s, %s, %s, %s, %s)",
        model.project.account_id, model.project.id, page(model, source), page(model, target), model.at, most,
    )  # fmt: skip
    return UUID(str(id))


def undo(model: Model, source: str, most: int) -> None:
    """Undo a merge."""
    model.world.value(
        "select fn.undo_merge(%s, %s, %s, %s, %s)",
        model.project.account_id, model.project.id, page(model, source), model.at, most,
    )  # fmt: skip


def build(world: World, seed: int) -> tuple[Model, random.Random]:
    """A project with responses on three pages, by visitors some of whom were on several."""
    luck = random.Random(seed)
    project = world.project("Europe/Rome", NOW - 40 * DAY)
    model = Model(world, project, [world.widget(project, "updown"), world.widget(project, "updown")])
    for address in ADDRESSES:
        model.send(model.widgets[0], address, None, 1)
    act(model, luck, 60)
    check(model)
    return model, luck


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
    for job in ("delete old merge responses", "delete old merge holds", "delete old merge tallies"):
        world.ask("call fn.purge(%s, %s)", job, model.at + 31 * DAY)
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
    world.ask("select fn.purge_account(%s)", model.project.account_id)
    for table in ("page", "placement", "page_merge", "merge_response", "merge_hold"):
        assert world.ask(f"select distinct account_id from {table}") == [(other.project.account_id,)]
