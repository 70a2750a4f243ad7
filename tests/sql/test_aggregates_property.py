"""After any sequence of changes every aggregate equals plain SQL over the rows.

`make property` does 20,000 changes, or as many as PROPERTY_OPERATIONS says.
"""

import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    multiple,
    precondition,
    rule,
)

from tests.support import state_machines
from tests.support.recount import differences
from tests.support.sql_world import Response, Widget, World

ZONES = ["UTC", "Europe/Rome", "America/New_York", "Asia/Kathmandu", "Pacific/Kiritimati", "Pacific/Pago_Pago"]
SETS = [{"updown": 2, "rating": 5}, {"reaction": 3, "message": 1}]  # of each project, with how many options
MINUTES, DAYS = timedelta(minutes=1), timedelta(days=1)
STEPS = 40
REASONS = st.lists(st.sampled_from("abc"), max_size=3)
OPERATIONS = int(os.environ.get("PROPERTY_OPERATIONS", "2400"))


class Aggregates(RuleBasedStateMachine):
    """Two projects whose widgets collect responses as time passes."""

    responses = Bundle("responses")
    world: World  # set by the test

    def __init__(self) -> None:
        super().__init__()
        self.now = datetime(2027, 12, 20, 22, 58, tzinfo=UTC)
        self.widgets: list[Widget] = []
        self.are_archived = False

    @initialize(zones=st.tuples(st.sampled_from(ZONES), st.sampled_from(ZONES)))
    def begin(self, zones: tuple[str, str]) -> None:
        self.world.empty()
        account_id = self.world.account()
        for zone, widgets in zip(zones, SETS, strict=True):
            project = self.world.project(zone, self.now, account_id)
            self.widgets += [self.world.widget(project, type) for type in widgets]
        for widget in self.widgets:
            self.world.follow_ups(widget)

    @rule(
        target=responses,
        which=st.integers(0, 3),
        option=st.integers(1, 60),
        key=st.sampled_from("aab"),
        visitor=st.sampled_from([None, "v", "w"]),
        n=st.integers(1, 4),
        backdate=st.sampled_from([0, 0, 0, 1, 25, 60]),
        reasons=REASONS,
    )
    def create(
        self, which: int, option: int, key: str, visitor: str | None, n: int, backdate: int, reasons: list[str]
    ) -> Response:
        to = self.widgets[which]
        no = 1 + option % [*SETS[0].values(), *SETS[1].values()][which]
        email = f"{visitor}@world.example" if visitor else None
        # Times may go back a second: a response created before a refresh may be committed after it.
        at = self.now - timedelta(seconds=backdate)
        responses = [self.world.send(to, no, at, key, visitor, email) for _ in range(n)]
        for response in responses:
            self.grow(response, reasons)
        return multiple(*responses)  # type: ignore[return-value]

    @rule(response=responses, option=st.integers(1, 2))
    def edit(self, response: Response, option: int) -> None:
        nos = self.world.ask(
            "select o.no from response as f join option as o using (account_id, widget_id) where f.id = %s order by 1",
            response.id,
        )
        assert self.world.edit(response, nos[-option % len(nos)][0] if nos else 1) is bool(nos)

    @rule(response=responses, reasons=REASONS)
    def change_reasons(self, response: Response, reasons: list[str]) -> None:
        self.grow(response, reasons)

    def grow(self, response: Response, reasons: list[str]) -> None:
        """Give a response these reasons, where they are offered."""
        if not self.are_archived:
            self.world.grow(response, reasons)

    @rule()
    def archive_reasons(self) -> None:
        """They are offered again by the next call, with the counts that they had."""
        self.are_archived = not self.are_archived
        for widget in self.widgets:
            self.world.follow_ups(widget, [] if self.are_archived else None)

    @rule(response=consumes(responses))
    def remove(self, response: Response) -> None:
        self.world.remove(response)

    @rule(which=st.integers(0, 3), key=st.sampled_from("ab"))
    def delete_placement(self, which: int, key: str) -> None:
        of = self.widgets[which]
        ids = [
            row[0] for row in self.world.ask("select id from placement where widget_id = %s and key = %s", of.id, key)
        ]
        wanted = self.world.value("select count(*) from response where placement_id = any (%s)", ids)
        purged = self.world.ask("select * from fn.purge_placements(%s, %s)", of.account_id, ids)
        assert purged == [(len(ids), wanted)]

    @rule(which=st.integers(0, 3), visitor=st.sampled_from("vw"))
    def purge_visitor(self, which: int, visitor: str) -> None:
        of = self.widgets[which]
        self.world.ask("select fn.purge_visitor(%s, %s, %s)", of.account_id, of.project_id, visitor.encode())

    @rule(which=st.integers(0, 3), zone=st.sampled_from(ZONES))
    def change_zone(self, which: int, zone: str) -> None:
        self.world.ask("update project set time_zone = %s where id = %s", zone, self.widgets[which].project_id)

    @rule()
    def refresh(self) -> None:
        self.world.refresh(self.now)

    @rule()
    def close(self) -> None:
        self.world.ask("call fn.run_by_account('{close periods}', %s)", self.now)

    @rule(days=st.sampled_from([-9, -1, 1, 3, 60]), close=st.booleans())
    def jump(self, days: int, close: bool) -> None:
        """Jobs run with a wrong clock."""
        self.world.refresh(self.now + days * DAYS)
        if close:
            self.world.close(self.now + days * DAYS)

    @rule(minutes=st.integers(0, 1500))
    def wait(self, minutes: int) -> None:
        self.now += minutes * MINUTES

    @rule(days=st.sampled_from([1, 2, 5, 7, 8, 23, 30, 61, 200]), close=st.booleans())
    def go_on(self, days: int, close: bool) -> None:
        self.refresh()
        if close:
            self.close()
        self.now += days * DAYS
        self.refresh()

    @precondition(lambda self: self.widgets)
    @rule()
    def check(self) -> None:
        self.world.close(self.now)
        assert differences(self.world) == {}
        assert self.world.value("call fn.reconcile(%s)", self.now) == 0

    def teardown(self) -> None:
        if self.widgets:
            self.check()


@pytest.fixture
def machine(database: str) -> Iterator[Callable[[], Aggregates]]:
    Aggregates.world = World(database)
    yield Aggregates
    Aggregates.world.close_connection()


def test_it_leaves_every_aggregate_equal_to_the_rows(machine: Callable[[], Aggregates]) -> None:
    state_machines.run(machine, OPERATIONS, STEPS)
