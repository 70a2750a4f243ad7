"""Pages that turned: the evidence, its rate of false alarms, and the events of the job."""

import math
from datetime import UTC, datetime, timedelta

import numpy
import pytest

from tests.support.destinations import check_payload, destination
from tests.support.merges import finish_merges, send
from tests.support.sql_world import Project, Widget, World

NOW = datetime(2026, 8, 31, 12, tzinfo=UTC)
DAY = timedelta(days=1)
MOST_DAYS = 400
log_gamma = numpy.vectorize(math.lgamma)


def evidence(unhappy: "numpy.typing.NDArray[numpy.float64]", totals: "numpy.typing.NDArray[numpy.float64]") -> float:
    """What fn.turn_evidence computes, written down a second time."""
    s, n = unhappy.sum(), totals.sum()
    steady = sum(part * math.log(part / n) for part in (s, n - s) if part)
    before_s, before_n = unhappy.cumsum(), totals.cumsum()
    within = (before_n > 0) & (before_n < n)
    odds = part_evidence(before_s[within], before_n[within]) + part_evidence(s - before_s[within], n - before_n[within])
    return float(numpy.logaddexp.reduce(odds)) - steady - math.log(MOST_DAYS) if within.any() else -math.inf


def part_evidence(
    unhappy: "numpy.typing.NDArray[numpy.float64]", totals: "numpy.typing.NDArray[numpy.float64]"
) -> "numpy.typing.NDArray[numpy.float64]":
    """The logarithm of the probability that Krichevsky and Trofimov give to a sequence with these counts."""
    result: numpy.typing.NDArray[numpy.float64] = (
        LOG_GAMMA[1][unhappy.astype(int)] + LOG_GAMMA[1][(totals - unhappy).astype(int)]
        - LOG_GAMMA[0][totals.astype(int)] - math.log(math.pi)
    )  # fmt: skip
    return result


COUNTS = numpy.arange(20_000)
LOG_GAMMA = (log_gamma(COUNTS + 1.0), log_gamma(COUNTS + 0.5))


def test_log_gamma_has_twelve_digits(world: World) -> None:
    for x in (0.5, 1, 1.5, 2, 7.25, 100.5, 12345.5, 3e9):
        assert world.value("select fn.log_gamma(%s)", x) == pytest.approx(math.lgamma(x), rel=1e-12, abs=1e-11)


def test_the_evidence_is_what_a_second_program_computes(world: World) -> None:
    random = numpy.random.default_rng(1)
    for n in range(40):
        totals = random.integers(0, 60, 50).astype(float)
        totals[0] = 1
        unhappy = random.binomial(totals.astype(int), n / 40).astype(float)
        row = world.ask("select * from fn.turn_evidence(%s, %s)", unhappy.tolist(), totals.tolist())[0]
        assert row[0] == pytest.approx(evidence(unhappy, totals), abs=1e-6)


def test_of_ten_thousand_steady_pages_at_most_one_in_twenty_raises_an_alarm() -> None:
    # Of any share and traffic, looked at on each of 60 days, by the level of all tests of a page together.
    random = numpy.random.default_rng(2026)
    pages, days = 10_000, 60
    share = random.choice([0.0, 0.01, 0.05, 0.1, 0.3, 0.5, 0.9], pages)
    traffic = random.choice([0.3, 2, 10, 50, 200], pages)
    totals = random.poisson(traffic[:, None], (pages, days))
    unhappy = random.binomial(totals, share[:, None])
    s, n = unhappy.cumsum(1), totals.cumsum(1)
    alarms = numpy.zeros(pages, bool)
    for day in range(1, days):
        a, b = s[:, day], n[:, day]
        with numpy.errstate(divide="ignore", invalid="ignore"):
            steady = numpy.nan_to_num(a * numpy.log(a / b)) + numpy.nan_to_num((b - a) * numpy.log((b - a) / b))
        before_s, before_n = s[:, :day], n[:, :day]
        odds = part_evidence(before_s, before_n) + part_evidence(a[:, None] - before_s, b[:, None] - before_n)
        odds[(before_n == 0) | (before_n == b[:, None])] = -numpy.inf
        alarms |= numpy.logaddexp.reduce(odds, 1) - steady - math.log(MOST_DAYS) >= math.log(1 / 0.05)
    assert alarms.mean() <= 0.05
    # The simulation can see an alarm: a share that rises from 10 to 40 % is one for nearly every page with 50 a day.
    totals = random.poisson(50, (200, 40))
    unhappy = random.binomial(totals, numpy.where(numpy.arange(40) < 30, 0.1, 0.4))
    turned = [
        evidence(u, t) >= math.log(1 / 0.025) for u, t in zip(unhappy.astype(float), totals.astype(float), strict=True)
    ]
    assert numpy.mean(turned) > 0.95


def add_days(world: World, to: Widget, key: str, unhappy: list[int], total: int) -> None:
    """Days with responses that end with today, as the job of every minute leaves them."""
    world.send(to, 1, NOW, key)
    placement = world.placement(to, key)
    no = world.value("select no from fn.scored_option where widget_id = %s and weight < 0 limit 1", to.id)
    world.ask("delete from tally_day where placement_id = %s", placement)
    for n, count in enumerate(reversed(unhappy)):
        for option_no, amount in ((no, count), (3 - no, total - count)):
            world.ask(
                "insert into tally_day (account_id, placement_id, day, option_no, count, rolled)"
                " values (%s, %s, %s, %s, %s, %s)",
                to.account_id, placement, (NOW - n * DAY).date(), option_no, amount, amount,
            )  # fmt: skip


def turns(world: World, now: datetime = NOW) -> int:
    return int(world.value("call fn.run_by_account('{emit page turns}', %s)", now))


def voted(world: World) -> tuple[Project, Widget]:
    project = world.project(at=NOW - 100 * DAY)
    return project, world.widget(project)


def test_a_page_that_turns_is_an_event_once(world: World) -> None:
    project, votes = voted(world)
    add_days(world, votes, "/turned", [5] * 20 + [25] * 4, 50)
    add_days(world, votes, "/steady", [5, 7, 3, 6] * 6, 50)
    assert turns(world) == 0  # no destination takes it
    destination(world, project, events=["page.turned"])
    assert turns(world) == 1
    assert turns(world, NOW + timedelta(hours=1)) == 0
    data = world.value("select data from event where type = 'page.turned'")
    assert data["since"] == str((NOW - 3 * DAY).date())
    assert data["before"] == {"responses": 1000, "unhappy": 100}
    assert data["after"] == {"responses": 200, "unhappy": 100}
    world.ask("select fn.match_events(%s)", NOW + DAY)
    payload = world.value("select payload from fn.claim_delivery(%s)", NOW + DAY)
    assert check_payload(payload)["data"]["page"]["key"] == "/turned"


def test_a_small_change_of_a_large_page_is_no_event(world: World) -> None:
    project, votes = voted(world)
    destination(world, project, events=["page.turned"])
    add_days(world, votes, "/large", [10_000] * 20 + [11_000] * 20, 100_000)
    assert turns(world) == 0


def test_a_test_begins_anew_after_four_hundred_days(world: World) -> None:
    project, votes = voted(world)
    destination(world, project, events=["page.turned"])
    add_days(world, votes, "/a", [1] * 400, 10)
    turns(world)
    world.ask("update turn_test set started_on = %s", (NOW - 399 * DAY).date())
    assert turns(world) == 0
    assert world.ask("select started_on, runs from turn_test") == [((NOW + DAY).date(), 2)]


def test_merging_pages_and_undoing_it_is_no_turn(world: World) -> None:
    project, votes = voted(world)
    destination(world, project, events=["page.turned"])
    unhappy = world.value("select no from fn.scored_option where widget_id = %s and weight < 0 limit 1", votes.id)

    def vote(key: str, days: int, share: float) -> None:
        for n in range(40):
            option = unhappy if n < 40 * share else 3 - unhappy
            send(world, votes, key, None, option, NOW - days * DAY, ["/old", "/new"])

    for days in range(12):
        vote("/new", days, 0.1)
    for days in range(4):  # younger, and always unhappier
        vote("/old", days, 0.8)
    world.refresh(NOW)
    old, new = (world.value("select id from page where key = %s", key) for key in ("/old", "/new"))
    assert turns(world) == 0
    merge = "select fn.merge_pages(%s, %s, %s, %s, %s)"
    world.ask(merge, project.account_id, project.id, old, new, NOW)
    finish_merges(world, NOW)
    assert turns(world) == 0
    for days in range(-1, -7, -1):
        vote("/new", days, 0.1)
        vote("/old", days, 0.8)
        world.refresh(NOW - days * DAY)
        assert turns(world, NOW - days * DAY) == 0
    undone = NOW + 6 * DAY
    world.ask("select fn.undo_merge(%s, %s, %s, %s)", project.account_id, project.id, old, undone)
    finish_merges(world, undone)
    assert turns(world, undone) == 0
    for days in range(-7, -10, -1):
        vote("/new", days, 0.1)
        vote("/old", days, 0.8)
        world.refresh(NOW - days * DAY)
        assert turns(world, NOW - days * DAY) == 0
    # A change since is one.
    for days in range(-10, -13, -1):
        vote("/new", days, 0.9)
    world.refresh(NOW + 12 * DAY)
    assert turns(world, NOW + 12 * DAY) == 1


def test_a_spike_of_refusals_is_an_event_once_a_day(world: World) -> None:
    project, other = world.project(), world.project()
    for each in (project, other):
        destination(world, each, events=["refusals.spike"])
    add = "select fn.add_refusals(%s, %s, %s, %s, %s, %s)"

    def refuse(of: Project, reason: str, count: int, at: datetime) -> None:
        world.ask(add, [of.account_id], [of.id], [reason], ["https://example.com"], [count], at)

    for hours in range(2, 170):
        refuse(other, "origin", 10, NOW - hours * timedelta(hours=1))
    refuse(project, "origin", 60, NOW - timedelta(hours=1))
    refuse(project, "value", 49, NOW - timedelta(hours=1))
    refuse(other, "origin", 90, NOW - timedelta(hours=1))
    for _ in range(2):
        world.ask("call fn.run_by_account('{emit refusal spikes}', %s)", NOW)
    rows = world.ask("select project_id, data -> 'refusals' from event")
    assert rows == [(project.id, [{"reason": "origin", "count": 60, "usual": 0.0}])]
