"""Pages whose responses are merged, and an independent count of them."""

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg

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
    if most >= 0:
        finish_merges(model.world, model.at)
    return UUID(str(id))


def undo(model: Model, source: str, most: int) -> None:
    """Undo a merge."""
    model.world.value(
        "select fn.undo_merge(%s, %s, %s, %s, %s)",
        model.project.account_id, model.project.id, page(model, source), model.at, most,
    )  # fmt: skip
    if most >= 0:
        finish_merges(model.world, model.at)


def finish_merges(world: World, at: Any) -> None:
    """What is left to the worker, which on Citus is all, and on one server nothing of small merges."""
    for account_id, id in world.ask("select account_id, id from page_merge where next_at is not null"):
        assert world.value("select fn.continue_merge(%s, %s, _now => %s)", account_id, id, at) in ("merged", "undone")


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


async def continue_merges(pool: "asyncpg.Pool[asyncpg.Record]") -> None:
    """What a merge leaves to the worker, which on Citus is all."""
    for account_id, id in await pool.fetch("select account_id, id from page_merge where next_at is not null"):
        await pool.execute("select fn.continue_merge($1, $2)", account_id, id)
