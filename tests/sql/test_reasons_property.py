"""Whatever happens to responses, every tally of reasons equals the rows, and the rows are what a plain model has."""

import os
import random
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from tests.support import state_machines
from tests.support.merges import ADDRESSES, NOW, Item, Model, merge, undo
from tests.support.recount import differences
from tests.support.sql_world import Response, World

DAY = timedelta(days=1)
STEPS = 30
OPERATIONS = int(os.environ.get("PROPERTY_OPERATIONS", "900"))
ROWS = {
    "reason_tally": (
        "select account_id, placement_id, no, count(*) from response, unnest(reason_nos) as r (no)"
        " where counted_on is not null group by 1, 2, 3",
        "select account_id, placement_id, reason_no, count from reason_tally where count <> 0",
    ),
    "reason_tally_day": (
        "select account_id, placement_id, counted_on, no, count(*) from response, unnest(reason_nos) as r (no)"
        " where counted_on is not null group by 1, 2, 3, 4",
        "select account_id, placement_id, day, reason_no, count from reason_tally_day where count <> 0",
    ),
}
MENTIONS = """
    select c.widget_id, c.key, r.option_no, r.value, t.count from reason_tally as t
    join placement as c on c.account_id = t.account_id and c.id = t.placement_id
    join reason as r on r.account_id = c.account_id and r.widget_id = c.widget_id and r.no = t.reason_no
    where t.count > 0
"""
SUBSETS = st.lists(st.sampled_from("abc"), max_size=3)


class Reasons(RuleBasedStateMachine):
    """Visitors who vote on three pages, say why, change their mind and take it back, while pages are merged."""

    world: World  # set by the test

    def __init__(self) -> None:
        super().__init__()
        self.model: Model | None = None
        self.reasons: dict[UUID, set[str]] = {}
        self.words: dict[UUID, str] = {}

    @initialize(luck=st.integers(0, 2**32))
    def begin(self, luck: int) -> None:
        self.world.empty()
        project = self.world.project("Europe/Rome", NOW - 40 * DAY)
        widgets = [self.world.widget(project, "updown"), self.world.widget(project, "updown")]
        for widget in widgets:
            self.world.follow_ups(widget)
        self.model = Model(self.world, project, widgets)
        for address in ADDRESSES:
            self.model.send(widgets[0], address, None, 1)
        chance = random.Random(luck)
        for _ in range(15):
            visitor = chance.choice([None, "ada", "bob", "cleo"])
            self.send(chance.randrange(2), chance.choice(ADDRESSES), chance.randrange(1, 3), visitor)
            words = chance.choice([None, None, "Words"])
            self.grow(chance.randrange(50), chance.sample("abc", chance.randrange(4)), words)

    def item(self, n: int) -> Item | None:
        """One of the responses that count."""
        assert self.model is not None
        items = sorted(self.model.counting().values(), key=lambda item: item.id)
        return items[n % len(items)] if items else None

    def response(self, item: Item) -> Response:
        """The item as the world takes it."""
        return Response(item.widget.account_id, item.id)

    @rule(
        which=st.integers(0, 1), address=st.sampled_from(ADDRESSES), option=st.integers(1, 2),
        visitor=st.sampled_from([None, "ada", "bob", "cleo"]),
    )  # fmt: skip
    def send(self, which: int, address: str, option: int, visitor: str | None) -> None:
        assert self.model is not None
        before = {id: item.option for id, item in self.model.items.items()}
        self.model.send(self.model.widgets[which], address, visitor, option)
        self.drop_reasons(before)

    def drop_reasons(self, before: dict[UUID, int]) -> None:
        """A changed vote has no reasons."""
        assert self.model is not None
        for id, option in before.items():
            if id in self.model.items and self.model.items[id].option != option:
                self.reasons.pop(id, None)

    @rule(n=st.integers(0, 50), reasons=SUBSETS, words=st.sampled_from([None, "Words", "Others"]))
    def grow(self, n: int, reasons: list[str], words: str | None) -> None:
        item = self.item(n)
        if item is not None:
            for _ in range(2):  # again, it changes nothing
                assert self.world.grow(self.response(item), reasons, message=words)
            self.reasons[item.id] = set(reasons)
            self.words |= {item.id: words} if words else {}

    @rule(n=st.integers(0, 50), option=st.integers(1, 2), reasons=st.none() | SUBSETS)
    def edit(self, n: int, option: int, reasons: list[str] | None) -> None:
        item = self.item(n)
        if item is not None:
            before = {item.id: item.option}
            assert self.world.grow(self.response(item), reasons, option_no=option)
            item.option = option
            self.drop_reasons(before)
            if reasons is not None:
                self.reasons[item.id] = set(reasons)

    @rule(n=st.integers(0, 50))
    def remove(self, n: int) -> None:
        item = self.item(n)
        if item is not None:
            assert self.model is not None
            self.model.remove(item)

    @precondition(lambda self: self.model and len(self.model.into) < 2)
    @rule(most=st.sampled_from([10**6, -1]))
    def merge(self, most: int) -> None:
        assert self.model is not None
        source = next(address for address in ("/old", "/older") if address not in self.model.into)
        id = merge(self.model, source, "/new", most)
        self.go_on(id, most)
        self.model.into[source] = "/new"

    @precondition(lambda self: self.model and self.model.into)
    @rule(most=st.sampled_from([10**6, -1]))
    def undo(self, most: int) -> None:
        assert self.model is not None
        source = list(self.model.into)[-1]
        id = self.world.value("select id from page_merge where source_key = %s and state = 'merged'", source)
        undo(self.model, source, most)
        self.go_on(id, most)
        del self.model.into[source]

    def go_on(self, id: Any, most: int) -> None:
        """What the worker does, a few responses at a time; in between, too, the tallies equal the rows."""
        assert self.model is not None
        while most < 0 and self.world.value(
            "select fn.continue_merge(%s, %s, 3, %s)", self.model.project.account_id, id, self.model.at
        ) in ("merging", "undoing"):
            self.check_rows()

    def check_rows(self) -> None:
        """Every tally of reasons is a count of the rows."""
        for name, (rows, tallies) in ROWS.items():
            assert sorted(self.world.ask(rows)) == sorted(self.world.ask(tallies)), name

    @invariant()
    def tallies_equal_the_model(self) -> None:
        if self.model is None:
            return
        self.check_rows()
        expected = Counter(
            (item.widget.id, self.model.page(item.address), item.option, reason)
            for item in self.model.counting().values()
            for reason in self.reasons.get(item.id, ())
        )
        assert Counter({tuple(row[:4]): row[4] for row in self.world.ask(MENTIONS)}) == expected
        assert self.model.stored() == self.model.counts()
        words = dict(self.world.ask("select id, body from response where body is not null"))
        assert words == {id: text for id, text in self.words.items() if id in self.model.counting()}

    def teardown(self) -> None:
        if self.model is not None:
            self.world.close(self.model.at)
            assert differences(self.world) == {}
            assert self.world.value("call fn.reconcile(%s)", self.model.at) == 0


@pytest.fixture
def machine(database: str) -> Iterator[Callable[[], Reasons]]:
    Reasons.world = World(database)
    yield Reasons
    Reasons.world.close_connection()


def test_tallies_of_reasons_equal_the_rows_at_all_times(machine: Callable[[], Reasons]) -> None:
    state_machines.run(machine, OPERATIONS, STEPS)
