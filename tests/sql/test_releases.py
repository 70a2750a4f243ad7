"""Releases: the pages that they touch, and what is said of each before and after, against a computation in Python."""

import json
import math
from datetime import date, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

import psycopg
import pytest

from tests.support.merges import finish_merges
from tests.support.sql_world import Project, World, local

DAY = timedelta(days=1)
AT = local("2026-06-10T15:00")  # a Wednesday
NOW = local("2026-06-21T12:00")  # ten whole days after it


def chance(positive: int, total: int, positive_before: int, total_before: int) -> float:
    """The probability that the second of two Beta variables is larger: all terms of the closed form, by lgamma."""
    a, b = positive_before + 1, total_before - positive_before + 1
    c, d = positive + 1, total - positive + 1

    def beta(x: float, y: float) -> float:
        return math.lgamma(x) + math.lgamma(y) - math.lgamma(x + y)

    return math.fsum(math.exp(beta(a + i, b + d) - math.log(d + i) - beta(1 + i, d) - beta(a, b)) for i in range(c))


def create(world: World, project: Project, name: str = "v2", patterns: str = "{*}", at: Any = AT) -> UUID:
    sql = "select fn.create_release(%s, %s, %s, %s, null, %s, %s)"
    return UUID(str(world.value(sql, project.account_id, project.id, name, at, patterns, NOW)))


def figures(world: World, project: Project, **which: Any) -> list[dict[str, Any]]:
    names = "".join(f", _{name} => %s" for name in which)
    rows = world.dicts(
        f"select * from fn.release_figures(%s, %s{names})", project.account_id, project.id, *which.values()
    )
    return [row | {"widgets": json.loads(row["widgets_json"])} for row in rows]


@pytest.mark.parametrize(
    "counts",
    [
        (40, 50, 30, 50), (0, 1, 1, 1), (1, 1, 0, 1), (3, 4, 3, 4), (0, 200, 0, 3), (7, 9, 480, 900), (480, 900, 7, 9),
        (990, 1000, 970, 1000), (5, 1200, 2, 900), (1195, 1200, 898, 900), (1500, 2500, 700, 1500),
        (0, 2000, 2000, 2000),
    ],
)  # fmt: skip
def test_the_chance_is_that_of_two_beta_posteriors(world: World, counts: tuple[int, int, int, int]) -> None:
    value = world.value("select fn.chance_better(%s, %s, %s, %s)", *counts)
    assert value == pytest.approx(chance(*counts), abs=1e-9)
    after, total, before, total_before = counts
    assert world.value("select fn.chance_better(%s, %s, %s, %s)", before, total_before, after, total) == pytest.approx(
        1 - value, abs=1e-9
    )


@pytest.mark.parametrize("counts", [(1100, 2200, 1060, 2200), (1100, 2200, 1140, 2200), (2800, 4000, 2200, 3300)])
def test_many_responses_are_compared_by_normal_distributions(world: World, counts: tuple[int, int, int, int]) -> None:
    assert world.value("select fn.chance_better(%s, %s, %s, %s)", *counts) == pytest.approx(chance(*counts), abs=1e-3)


def test_it_bears_any_number_of_responses(world: World) -> None:
    def ask(*counts: int) -> Any:
        return world.value("select fn.chance_better(%s::bigint, %s::bigint, %s::bigint, %s::bigint)", *counts)

    million, billion = 10**6, 10**9
    assert ask(billion // 2, billion, billion // 2, billion) == pytest.approx(0.5)
    assert ask(billion, billion, 0, billion) == pytest.approx(1)
    assert ask(0, billion, billion, billion) == pytest.approx(0, abs=1e-12)
    assert ask(2, million, 2, million) == pytest.approx(0.5, abs=1e-6)
    assert ask(1, 0, 0, 0) is ask(0, 0, 5, 9) is ask(5, 9, 0, 0) is None


@pytest.mark.parametrize("x", [1, 1.5, 2, 3, 10, 171, 1000, 12345.5, 1e6])
def test_the_logarithm_of_the_gamma_function(world: World, x: float) -> None:
    assert world.value("select fn.ln_gamma(%s)", x) == pytest.approx(math.lgamma(x), rel=1e-11, abs=1e-10)


@pytest.mark.parametrize("z", [-40, -8, -1.6449, -0.3, 0, 0.3, 1.6449, 1.96, 8, 40])
def test_the_normal_distribution(world: World, z: float) -> None:
    assert world.value("select fn.normal_cdf(%s)", z) == pytest.approx(0.5 * math.erfc(-z / math.sqrt(2)), abs=2e-7)


def test_the_interval_of_a_difference_of_means(world: World) -> None:
    def mean(values: list[int]) -> tuple[float, float]:
        values = [*values, 1, 1, 5, 5]
        average = sum(values) / len(values)
        return average, sum((each - average) ** 2 for each in values) / len(values) / len(values)

    after, before = [5, 5, 4, 5, 3, 5], [2, 3, 4, 1]
    (average, error), (average_before, error_before) = mean(after), mean(before)
    sums = [number for side in (after, before) for number in (sum(side), sum(n * n for n in side), len(side))]
    low, high, probability = world.value("select fn.mean_difference(%s, %s, %s, %s, %s, %s, 1, 5)", *sums)
    spread = 1.6449 * math.sqrt(error + error_before)
    assert [low, high] == pytest.approx([average - average_before - spread, average - average_before + spread])
    z = (average - average_before) / math.sqrt(error + error_before)
    assert probability == pytest.approx(0.5 * math.erfc(-z / math.sqrt(2)), abs=2e-7)
    assert world.value("select fn.mean_difference(0, 0, 0, 10, 30, 4, 1, 5)") is None


def test_both_spans_have_the_same_weekdays(world: World) -> None:
    day = date(2026, 6, 10)
    for last in range(-3, 60):
        (span,) = world.dicts("select * from fn.release_spans(%s, %s)", day, day + last * DAY)
        days = span["days"]
        assert days == max(0, min(last, 28))
        after = [span["from_after"] + n * DAY for n in range(days)]
        before = [span["from_before"] + n * DAY for n in range(days)]
        assert sorted(each.weekday() for each in after) == sorted(each.weekday() for each in before)
        if days:
            assert (after[0], after[-1]) == (day + DAY, span["to_after"])
            assert day - 7 * DAY <= before[-1] == span["to_before"] < day


@pytest.mark.parametrize(
    ("key", "pattern", "is_match"),
    [
        ("/docs/a", "*", True), ("/docs/a/b", "/docs/*", True), ("/docs", "/docs/*", False),
        ("/Docs/A", "/docs/*", True),
        ("https://a.example/docs/a", "/docs/*", True), ("https://a.example/x/docs/a", "/docs/*", False),
        ("https://a.example/docs/a", "https://a.example/*", True),
        ("https://b.example/docs", "https://a.example/*", False),
        ("docs-1", "docs-*", True), ("my-docs-1", "docs-*", False), ("/a_b", "/a_b", True), ("/axb", "/a_b", False),
        ("/50%", "/50%", True), ("/501", "/50%", False), ("/a\\b", "/a\\b", True), ("/a?x=1", "/a?x=*", True),
        ("/pricing", "*/pricing", True), ("https://a.example/pricing", "/pricing", True),
        ("/pricing/x", "/pricing", False),
    ],
)  # fmt: skip
def test_a_glob_is_of_all_of_a_key(world: World, key: str, pattern: str, is_match: bool) -> None:
    assert world.value("select fn.is_glob_match(%s, %s)", key, pattern) is is_match


def test_it_compares_each_page_before_and_after(world: World) -> None:
    project = world.project("UTC", AT - 60 * DAY)
    votes, stars, likes = (world.widget(project, type) for type in ("updown", "rating", "pulse"))
    # Ten days after, and ten with the same weekdays before: 11 to 20 June, and 28 May to 6 June.
    after, before = local("2026-06-11T09:00"), local("2026-05-28T09:00")
    counted = {"after": (18, 20), "before": (4, 16)}
    for at, (positive, total) in ((after, counted["after"]), (before, counted["before"])):
        for n in range(total):
            world.send(votes, 1 if n < positive else 2, at + (n % 10) * DAY)
    # Neither on the days between, nor on that of the release, nor today.
    for outside in (AT, AT - 2 * DAY, local("2026-05-27T23:59"), NOW):
        world.send(votes, 2, outside)
    world.send(stars, 1, AT)
    for no in (5, 5, 4, 5):
        world.send(stars, no, after, "/b")
    for no in (1, 2, 2):
        world.send(stars, no, before, "/b")
    for n in range(12):
        world.send(likes, 1, after, "/b", f"v{n}")
    world.send(votes, 1, after, "/other")
    release = create(world, project, patterns="{/a,/b}")
    world.refresh(NOW)
    rows = figures(world, project, release_id=release, now=NOW)
    assert [row["key"] for row in rows] == ["/a", "/b"]
    page, other = rows
    spans = [page[name] for name in ("days", "from_before", "to_before", "from_after", "to_after")]
    assert spans == [10, date(2026, 5, 28), date(2026, 6, 6), date(2026, 6, 11), date(2026, 6, 20)]
    assert (page["responses"], page["responses_before"], page["row_count"]) == (20, 16, 2)
    assert (page["positive"], page["positive_before"]) == (0.9, 0.25)
    assert page["chance"] == pytest.approx(chance(18, 20, 4, 16), abs=1e-9)
    assert page["verdict"] == "better"
    (voted,) = page["widgets"]
    assert (voted["type"], voted["average"], voted["verdict"]) == ("updown", None, "better")
    rated, liked = (next(each for each in other["widgets"] if each["type"] == type) for type in ("rating", "pulse"))
    assert (rated["average"], rated["average_before"]) == (pytest.approx(4.75), pytest.approx(5 / 3))
    low, high = rated["difference"]
    assert low < high
    assert rated["verdict"] == ("better" if low > 0 else "early")
    assert (liked["responses"], liked["responses_before"], liked["is_change"]) == (12, 0, True)
    assert (liked["chance"], liked["verdict"]) == (None, "none")
    # The page has the same row, and another page none of it.
    (own,) = figures(world, project, page_id=page["page_id"], now=NOW)
    assert own == page | {"row_count": 1}
    assert figures(world, project, page_id=world.page(project, "/other"), now=NOW) == []


@pytest.mark.parametrize(
    ("after", "before", "verdict"),
    [
        ((3, 3), (1, 3), "early"), ((30, 30), (10, 30), "better"), ((10, 30), (30, 30), "worse"),
        ((5, 5), (0, 0), "none"), ((0, 0), (5, 5), "none"),
    ],
)  # fmt: skip
def test_it_is_too_early_to_tell(world: World, after: tuple[int, int], before: tuple[int, int], verdict: str) -> None:
    project = world.project("UTC", AT - 60 * DAY)
    votes = world.widget(project)
    for at, (positive, total) in ((AT + 2 * DAY, after), (AT - 5 * DAY, before)):
        for n in range(total):
            world.send(votes, 1 if n < positive else 2, at)
    create(world, project)
    world.refresh(NOW)
    (row,) = figures(world, project, page_id=world.page(project), now=NOW)
    assert row["verdict"] == verdict
    if verdict != "none":
        assert (min(row["chance"], 1 - row["chance"]) < 0.05) is (verdict != "early")


def test_nothing_is_compared_on_the_day_of_a_release(world: World) -> None:
    project = world.project("UTC", AT - 60 * DAY)
    votes = world.widget(project)
    for at in (AT - DAY, AT, AT + DAY):
        world.send(votes, 1, at)
    create(world, project)
    world.refresh(AT + DAY)
    (row,) = figures(world, project, page_id=world.page(project), now=AT + DAY)
    assert (row["days"], row["responses"], row["responses_before"], row["verdict"]) == (0, 0, 0, "none")


def test_an_alias_belongs_to_its_page(world: World) -> None:
    project = world.project("UTC", AT - 60 * DAY)
    votes = world.widget(project)
    for key in ("/old", "/new"):
        world.send(votes, 1, AT - 5 * DAY, key)
    release = create(world, project, patterns="{/old}")
    old, new = world.page(project, "/old"), world.page(project, "/new")
    world.ask("select fn.merge_pages(%s, %s, %s, %s, %s)", project.account_id, project.id, old, new, NOW)
    finish_merges(world, NOW)
    world.refresh(NOW)
    (row,) = figures(world, project, release_id=release, now=NOW)
    assert (row["page_id"], row["responses_before"]) == (new, 2)
    assert [each["release_id"] for each in figures(world, project, page_id=new, now=NOW)] == [release]


def test_charts_have_the_releases_of_their_pages(world: World) -> None:
    project = world.project("Europe/Rome", AT - 60 * DAY)
    votes = world.widget(project)
    for key in ("https://a.example/x", "https://b.example/y"):
        world.send(votes, 1, AT, key)
    first = create(world, project, "all", at=AT - 2 * DAY)
    second = create(world, project, "only x", "{/x}")
    create(world, project, "long ago", at=AT - 40 * DAY)
    world.refresh(NOW)

    def marks(**filters: Any) -> list[dict[str, Any]]:
        names = "".join(f", _{name} => %s" for name in filters)
        sql = f"select trend_json from fn.project_window(%s, %s, 30::smallint, _now => %s{names})"
        trend = json.loads(world.value(sql, project.account_id, project.id, NOW, *filters.values()))
        rows: list[dict[str, Any]] = trend["releases"]
        return rows

    both = [
        {"id": str(first), "name": "all", "at": "2026-06-08T17:00:00"},
        {"id": str(second), "name": "only x", "at": "2026-06-10T17:00:00"},
    ]
    assert marks() == both
    assert marks(page_id=world.page(project, "https://a.example/x")) == both
    assert marks(page_id=world.page(project, "https://b.example/y")) == both[:1]
    assert marks(origin="https://a.example") == both
    assert marks(origin="https://b.example") == both[:1]


def sqlstate(world: World, query: str, *arguments: Any) -> str | None:
    try:
        world.ask(query, *arguments)
    except psycopg.Error as error:
        return error.sqlstate
    return None


def test_it_refuses_what_is_no_release(world: World) -> None:
    project = world.project("UTC", AT - 60 * DAY)
    sql = "select fn.create_release(%s, %s, %s, %s, %s, %s, %s)"

    def refused(**changes: Any) -> str | None:
        values = {"name": "v1", "at": AT, "link": None, "patterns": ["*"]} | changes
        return sqlstate(world, sql, project.account_id, project.id, *values.values(), NOW)

    assert refused() is None
    for changes in (
        {"name": ""}, {"name": "x\ny"}, {"name": "x" * 101}, {"name": None}, {"link": "javascript:alert(1)"},
        {"link": ""},
        {"link": "https://a.example/" + "x" * 2000}, {"patterns": []}, {"patterns": ["*"] * 21}, {"patterns": [""]},
        {"patterns": ["x" * 501]}, {"patterns": [None]}, {"at": NOW + 2 * DAY}, {"at": local("1999-12-31T00:00")},
    ):  # fmt: skip
        assert refused(**changes) == "FB422", changes
    stranger = world.project()
    assert sqlstate(world, sql, stranger.account_id, project.id, "v", AT, None, ["*"], NOW) == "FB404"


def test_it_lists_creates_once_and_deletes(world: World) -> None:
    project, other = world.project("UTC", AT - 60 * DAY), world.project()
    ids = [create(world, project, f"v{n}", at=AT + n * DAY) for n in range(5)]
    assert create(world, project, "v3", at=AT + 3 * DAY) == ids[3]
    of = project.account_id, project.id
    assert [row[0] for row in world.ask("select id from fn.releases(%s, %s)", *of)] == ids[::-1]
    pages: list[UUID] = []
    after: UUID | None = None
    while rows := world.ask("select id from fn.releases(%s, %s, %s, 2)", *of, after):
        pages += [row[0] for row in rows]
        after = pages[-1]
    assert pages == ids[::-1]
    delete = "select fn.delete_release(%s, %s, %s)"
    assert sqlstate(world, delete, other.account_id, other.id, ids[0]) == "FB404"
    world.ask(delete, *of, ids[0])
    assert sqlstate(world, delete, *of, ids[0]) == "FB404"
    assert sqlstate(world, "select * from fn.releases(%s, %s, _id => %s)", *of, ids[0]) == "FB404"
    actions = world.ask(
        "select what, about from audit where account_id = %s and what like 'release.%%' order by what, about", of[0]
    )
    assert actions == [*(("release.created", f"v{n}") for n in range(5)), ("release.deleted", "v0")]
    world.ask("select fn.purge_project(%s, %s)", *of)
    assert world.value("select count(*) from release") == 0


def test_the_examples_of_the_documentation(world: World) -> None:
    ask = "select fn.chance_better(%s, %s, %s, %s)"
    assert world.value(ask, 40, 50, 30, 50) == pytest.approx(0.985, abs=0.0005)
    assert [world.value("select fn.release_verdict(%s)", each) for each in (0.951, 0.95, 0.05, 0.049, None)] == [
        "better", "early", "early", "worse", "none",
    ]  # fmt: skip
    chances = [world.value(ask, n, 50, 25, 50) for n in range(51)]
    assert all(left < right for left, right in pairwise(chances))
