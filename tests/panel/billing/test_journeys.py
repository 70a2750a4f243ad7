"""After any journey: plans are what Stripe says, nothing promised is deleted, nobody has two trials, no leaver pays.

BILLING_JOURNEYS=1000 runs so many journeys instead of a few; give it `--timeout 0`.
"""

import os
from collections.abc import Callable, Iterator

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from app.errors import FeelbackError
from tests.support.billing_journeys import Journeys
from tests.support.fake_stripe.business import DAY, FAILS_LATER, GOOD

JOURNEYS = int(os.environ.get("BILLING_JOURNEYS", "8"))
CARDS = st.sampled_from([GOOD, GOOD, FAILS_LATER])
PRICES = st.sampled_from(["price_sm", "price_sy", "price_gm", "price_gy"])
KILLS = st.sampled_from([None, None, None, 0, 1, 2, 3])  # after how many requests the worker is killed
RETRIES = st.sampled_from([(3 * DAY, 8 * DAY, 12 * DAY), (3 * DAY, 20 * DAY, 45 * DAY), (DAY, 2 * DAY, 3 * DAY)])


class Machine(RuleBasedStateMachine):
    """Two accounts, from subscribing to leaving."""

    world: Journeys  # given by the test

    def __init__(self) -> None:
        super().__init__()
        self.has_begun = False

    @initialize(seed=st.integers(0, 10**6), retries=RETRIES, after=st.sampled_from(["canceled", "unpaid"]))
    def begin(self, seed: int, retries: tuple[int, ...], after: str) -> None:
        self.world.run(self.world.begin(seed))
        self.world.business.retries, self.world.business.after_retries = retries, after
        self.has_begun = True

    @precondition(lambda self: self.has_begun and self.world.accounts)
    @rule(which=st.integers(0, 1), price=PRICES, card=CARDS)
    def subscribe(self, which: int, price: str, card: str) -> None:
        account_id, faults = self.world.accounts[which % len(self.world.accounts)], self.world.weather.times
        try:
            self.world.run(self.world.subscribe(account_id, price, card))
        except FeelbackError:  # Stripe is away: the person sees an error
            assert faults > 0

    @precondition(lambda self: self.has_begun and self.world.accounts)
    @rule(which=st.integers(0, 1), price=st.sampled_from(["price_sm", "price_gm", "price_deal"]), card=CARDS)
    def subscribe_in_dashboard(self, which: int, price: str, card: str) -> None:
        self.world.subscribe_in_dashboard(self.world.accounts[which % len(self.world.accounts)], price, card)

    @rule(number=st.integers(0, 5), what=st.sampled_from(
        ["price", "end", "cancel", "resume", "card", "bad card", "bad card", "customer"]), price=PRICES)  # fmt: skip
    def change(self, number: int, what: str, price: str) -> None:
        self.world.change(number, what, price)

    @rule(days=st.integers(1, 25), kill=KILLS, lost=st.sampled_from([0, 0.3, 1]))
    def wait(self, days: int, kill: int | None, lost: float) -> None:
        for _ in range(days):
            self.world.run(self.world.day(kill, lost))

    @rule(times=st.integers(1, 40), status=st.sampled_from([500, 429]))
    def fail(self, times: int, status: int) -> None:
        self.world.weather.status, self.world.weather.times = status, times

    @precondition(lambda self: self.has_begun and self.world.accounts)
    @rule(is_final=st.booleans())
    def delete_account(self, is_final: bool) -> None:
        self.world.run(self.world.delete_account(self.world.accounts[-1], is_final=is_final))

    @rule(card=CARDS)
    def pay_open_page(self, card: str) -> None:
        self.world.pay_open_page(card)

    @rule()
    def rest(self) -> None:
        if self.has_begun:
            self.world.run(self.world.rest())
            self.world.run(self.world.check())

    def teardown(self) -> None:
        self.rest()


@pytest.fixture
def machine(database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], Machine]]:
    monkeypatch.setattr("stripe.HTTPXClient.INITIAL_DELAY", 0)
    monkeypatch.setattr("stripe.HTTPXClient.MAX_DELAY", 0)
    Machine.world = Journeys(database)
    yield Machine
    Machine.world.close()


def test_nothing_is_taken_wrongly(machine: Callable[[], Machine]) -> None:
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=JOURNEYS, stateful_step_count=20, phases=[Phase.generate], deadline=None, derandomize=True,
            database=None, suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
