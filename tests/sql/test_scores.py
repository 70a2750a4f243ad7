"""The formulas of the scores, against values computed without them."""

import math
from decimal import Decimal, getcontext

import pytest

from tests.support.sql_world import World

getcontext().prec = 40
Z = Decimal("1.96")


def wilson(positive: int, total: int) -> float:
    """The lower share p for which `positive` is z standard deviations from p · n: the root of a quadratic equation."""
    n, share = Decimal(total), Decimal(positive) / Decimal(total)
    a, b, c = 1 + Z * Z / n, -(2 * share + Z * Z / n), share * share
    return float((-b - (b * b - 4 * a * c).sqrt()) / (2 * a))


@pytest.mark.parametrize(
    ("positive", "total"),
    [(0, 1), (1, 1), (3, 3), (95, 100), (0, 50), (1, 2), (999_999, 1_000_000), (2_000_000_000, 4_000_000_000)],
)
def test_it_bounds_a_share_from_below(world: World, positive: int, total: int) -> None:
    assert world.value("select fn.wilson_lower_bound(%s, %s)", positive, total) == pytest.approx(
        wilson(positive, total), abs=1e-9
    )


def test_it_gives_the_bounds_that_its_comment_names(world: World) -> None:
    for positive, total, wanted in ((95, 100, 0.888), (3, 3, 0.438)):
        assert round(world.value("select fn.wilson_lower_bound(%s, %s)", positive, total), 3) == wanted
    assert world.value("select fn.wilson_lower_bound(0, 0)") is None


@pytest.mark.parametrize("ratings", [[5], [1], [5] * 95 + [1] * 5, [3, 4], [5, 5, 5]])
def test_it_averages_ratings_as_if_five_in_the_middle_came_first(world: World, ratings: list[int]) -> None:
    score = world.value("select fn.bayesian_average(%s, %s, 1, 5)", sum(ratings), len(ratings))
    assert score == pytest.approx(sum([3] * 5 + ratings) / (5 + len(ratings)))


def test_it_averages_nothing(world: World) -> None:
    assert world.value("select fn.bayesian_average(0, 0, 1, 5)") is None
    assert world.value("select fn.bayesian_average(10, 1, 0, 10)") == pytest.approx((5 * 5 + 10) / 6)


def compound(*widgets: tuple[float | None, int]) -> float | None:
    """Each widget's mean weight after ten neutral responses, weighted by the logarithm of its volume."""
    scored = [(weighted / (n + 10), math.log(n + 1)) for weighted, n in widgets if weighted is not None and n]
    volume = math.fsum(weight for _, weight in scored)
    return math.fsum(mean * weight for mean, weight in scored) / volume if scored else None


@pytest.mark.parametrize(
    "widgets",
    [
        [(3.0, 3)],
        [(90.0, 100)],
        [(-1.0, 1)],
        [(9000.0, 10_000), (-20.0, 40)],
        [(5.0, 10), (None, 1_000_000)],
        [(None, 4)],
        [(0.0, 0)],
        [(4.0, 8), (0.0, 0), (-2.5, 9), (3.0, 3)],
    ],
)
def test_it_compounds_widgets_of_several_types(world: World, widgets: list[tuple[float | None, int]]) -> None:
    weighted, totals = [each[0] for each in widgets], [each[1] for each in widgets]
    score = world.value("select fn.compound_score(%s::float8[], %s::bigint[])", weighted, totals)
    wanted = compound(*widgets)
    assert score is None if wanted is None else score == pytest.approx(wanted)
    assert score is None or -1 <= score <= 1


def test_it_is_stable_for_small_numbers(world: World) -> None:
    def score(weighted: float, total: int) -> float:
        return float(world.value("select fn.compound_score(array[%s]::float8[], array[%s]::bigint[])", weighted, total))

    assert score(3, 3) < score(90, 100)  # 3 of 3, and 95 of 100
    assert round(score(3, 3), 2) == 0.23
    assert round(score(90, 100), 2) == 0.82
    assert world.value("select fn.wilson_lower_bound(3, 3) < fn.wilson_lower_bound(95, 100)")
    assert [score(n, n) for n in range(1, 200)] == sorted(score(n, n) for n in range(1, 200))
    for n in (1, 5, 50):  # one more response moves it by little
        assert abs(score(n, n) - score(n - 1, n + 1)) < 0.2


def test_it_ranks_each_type_by_its_own_score(world: World) -> None:
    def ranking(type: str) -> float | None:
        score: float | None = world.value("select fn.ranking_score(%s, 3, 1, 15, 4, 1, 5)", type)
        return score

    assert ranking("rating") == ranking("nps") == pytest.approx((15 + 15) / 9)
    assert ranking("updown") == ranking("reaction") == ranking("tagged") == pytest.approx(wilson(3, 4))
    assert ranking("message") is ranking("form") is None
