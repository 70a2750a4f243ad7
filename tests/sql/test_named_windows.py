"""Windows by their names, their comparisons and filters, against a recount of the responses."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import psycopg
import pytest

from tests.support.sql_world import Project, Widget, World

NOW = datetime(2026, 11, 18, 10, 5, tzinfo=UTC)  # a Wednesday
ZONE = "Asia/Tokyo"  # 19:05 there
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WINDOWS = {
    "today": (date(2026, 11, 18), date(2026, 11, 18)),
    "yesterday": (date(2026, 11, 17), date(2026, 11, 17)),
    "7d": (date(2026, 11, 12), date(2026, 11, 18)),
    "30d": (date(2026, 10, 20), date(2026, 11, 18)),
    "90d": (date(2026, 8, 21), date(2026, 11, 18)),
    "365d": (date(2025, 11, 19), date(2026, 11, 18)),
    "month": (date(2026, 11, 1), date(2026, 11, 18)),
    "last-month": (date(2026, 10, 1), date(2026, 10, 31)),
    "all": (date(2025, 9, 8), date(2026, 11, 18)),
}
SHIFTS = {"previous": {1: 1, 7: 7, 18: 18, 30: 35, 31: 35, 90: 91, 365: 371}, "year": {365: 371}}
KEYS = ("https://one.example/a", "https://one.example/b", "https://two.example/a")


@pytest.fixture(scope="module")
def world(module_database: str) -> Iterator[World]:
    world = World(module_database)
    yield world
    world.close_connection()


@pytest.fixture(scope="module")
def project(world: World) -> Project:
    return world.project(ZONE, NOW - 500 * DAY)


@pytest.fixture(scope="module")
def widgets(world: World, project: Project) -> list[Widget]:
    return [world.widget(project, "updown"), world.widget(project, "rating")]


@pytest.fixture(scope="module")
def sent(world: World, project: Project, widgets: list[Widget]) -> list[dict[str, Any]]:
    """Responses of more than a year, some of each widget and page."""
    times = [
        *(NOW - n * HOUR - timedelta(minutes=20) for n in range(0, 60, 3)),
        *(NOW - n * DAY + timedelta(hours=n % 13) for n in range(3, 442, 7)),
        *(NOW - n * DAY - timedelta(hours=n % 11) for n in range(364, 400, 2)),
    ]
    rows = []
    for n, at in enumerate(sorted(times)):
        widget, key, option = widgets[n % 2], KEYS[n % 3], n % 2 + 1
        world.send(widget, option, at, key)
        rows.append({"widget": widget.id, "key": key, "option": option, "at": at, "day": (at + 9 * HOUR).date()})
    world.refresh(NOW)
    return rows


def window(world: World, of: Project, name: str | None, **more: Any) -> dict[str, Any]:
    names = "".join(f", {key} => %s" for key in more)
    (row,) = world.dicts(
        f"select * from fn.project_window(%s, %s, null, null, null, %s, %s{names})",
        of.account_id, of.id, NOW, name, *more.values(),
    )  # fmt: skip
    return row


def expected(sent: list[dict[str, Any]], name: str, compare: str) -> tuple[int, int]:
    """Responses of a window, and those of its comparison until the same hour."""
    first, last = WINDOWS[name]
    span = (last - first).days + 1
    until = datetime(2026, 11, 18, 10, tzinfo=UTC)
    shift = SHIFTS[compare].get(span, 364 if compare == "year" else -(-span // 7) * 7)
    now = sum(first <= each["day"] <= last for each in sent)
    before = sum(
        first - shift * DAY <= each["day"] <= last - shift * DAY
        and (last != WINDOWS["today"][1] or each["at"] < until - shift * DAY)
        for each in sent
    )
    return now, before


@pytest.mark.parametrize("compare", ["previous", "year", "none"])
@pytest.mark.parametrize("name", WINDOWS)
def test_a_name_is_days_and_a_comparison(
    world: World, project: Project, sent: list[dict[str, Any]], name: str, compare: str
) -> None:
    row = window(world, project, name, _compare=compare)
    assert (row["from_day"], row["to_day"]) == WINDOWS[name]
    now, before = expected(sent, name, "year" if compare == "year" else "previous")
    assert row["responses"] == now
    # Nothing is older than the first response.
    can_compare = compare != "none" and row["from_day_before"] > date(2025, 9, 8)
    assert row["before"] == (before if can_compare else None)
    widgets = json.loads(row["widgets_json"])
    assert sum(sum(each["trend"]["responses"]) for each in widgets) == now
    trend = json.loads(row["trend_json"])
    assert (trend["unit"], len(trend["starts"]) - 1) == (
        ("hour", 24) if name in ("today", "yesterday") else ("day", len(widgets[0]["trend"]["responses"]))
    )


def test_days_to_come_are_left_out_with_their_comparison(
    world: World, project: Project, sent: list[dict[str, Any]]
) -> None:
    sql = "select * from fn.project_window(%s, %s, null, %s, %s, %s)"
    lists = "select * from fn.page_list(%s, %s, null, %s, %s, _now => %s)"
    first, last = WINDOWS["month"]
    for at in (last, last + 40 * DAY):
        (row,) = world.dicts(sql, project.account_id, project.id, first, at, NOW)
        assert (row["from_day"], row["to_day"]) == (first, last)
        assert (row["responses"], row["before"]) == expected(sent, "month", "previous")
        pages = world.dicts(lists, project.account_id, project.id, first, at, NOW)
        assert {page["to_day"] for page in pages} == {last}
        assert sum(page["before"] for page in pages) == row["before"]
    (row,) = world.dicts(sql, project.account_id, project.id, last + DAY, last + 9 * DAY, NOW)
    assert (row["from_day"], row["to_day"], row["responses"]) == (last + DAY, last + 9 * DAY, 0)


def test_the_hours_of_a_day_are_those_of_its_zone(world: World, project: Project, sent: list[dict[str, Any]]) -> None:
    row = window(world, project, "today")
    hours = [0] * 24
    for each in sent:
        if each["day"] == WINDOWS["today"][0]:
            hours[(each["at"] + 9 * HOUR).hour] += 1
    parts = [each["trend"]["responses"] for each in json.loads(row["widgets_json"])]
    assert [sum(part) for part in zip(*parts, strict=True)] == hours
    assert json.loads(row["trend_json"])["starts"][0] == "2026-11-18T00:00:00"


def test_an_unknown_name_is_refused(world: World, project: Project) -> None:
    with pytest.raises(psycopg.Error) as error:
        window(world, project, "fortnight")
    assert "There is no period “fortnight”" in str(error.value)


@pytest.mark.parametrize("name", ["24h", "today", "7d", "30d", "month", "all"])
@pytest.mark.parametrize("by", ["page", "origin", "widget", "option"])
def test_a_filter_leaves_out_the_others(
    world: World, project: Project, widgets: list[Widget], sent: list[dict[str, Any]], name: str, by: str
) -> None:
    page = world.value("select id from page where key = %s", KEYS[0])
    first_option = world.value("select value from option where widget_id = %s and no = 1", widgets[0].id)
    arguments, is_its = {
        "page": ({"_page_id": page}, lambda row: row["key"] == KEYS[0]),
        "origin": ({"_origin": "https://one.example"}, lambda row: row["key"] in KEYS[:2]),
        "widget": ({"_widget_id": widgets[1].id}, lambda row: row["widget"] == widgets[1].id),
        "option": (
            {"_widget_id": widgets[0].id, "_option": first_option},
            lambda row: row["widget"] == widgets[0].id and row["option"] == 1,
        ),
    }[by]
    if name == "24h":
        until = datetime(2026, 11, 18, 10, tzinfo=UTC)
        count = sum(is_its(row) and until - DAY <= row["at"] < until for row in sent)
    else:
        first, last = WINDOWS[name]
        count = sum(is_its(row) and first <= row["day"] <= last for row in sent)
    row = window(world, project, name, **arguments)
    parts = [sum(each["trend"]["responses"]) for each in json.loads(row["widgets_json"])]
    assert row["responses"] == sum(parts) == count
    names = "".join(f", {key} => %s" for key in arguments if key != "_page_id")
    pages = world.dicts(
        f"select * from fn.page_list(%s, %s, %s, _now => %s{names})",
        project.account_id, project.id, name, NOW, *(v for k, v in arguments.items() if k != "_page_id"),
    )  # fmt: skip
    listed = sum(each["responses"] for each in pages if by != "page" or each["id"] == page)
    assert listed == count
    assert all(sum(each["trend"] or [each["responses"]]) == each["responses"] for each in pages)


@pytest.mark.parametrize("compare", ["previous", "year"])
@pytest.mark.parametrize(
    "name", ["24h", "today", "yesterday", "7d", "30d", "90d", "365d", "month", "last-month", "all"]
)
def test_pages_add_up_to_the_project(
    world: World, project: Project, sent: list[dict[str, Any]], name: str, compare: str
) -> None:
    whole = window(world, project, name, _compare=compare)
    pages = world.dicts(
        "select * from fn.page_list(%s, %s, %s, _compare => %s, _now => %s)",
        project.account_id, project.id, name, compare, NOW,
    )  # fmt: skip
    for column in ("responses", "compared", "judged"):
        assert sum(each[column] for each in pages) == whole[column], column
    assert all((each["before"] is None) == (whole["before"] is None) for each in pages)
    if whole["before"] is not None:
        assert sum(each["before"] for each in pages) == whole["before"]
    figures = [widget for each in pages for widget in json.loads(each["widgets_json"])]
    positive = sum(round(each["positive"] * each["judged"]) for each in figures)
    assert positive == round((whole["positive"] or 0) * whole["judged"])
    leaders = json.loads(whole["leaders_json"])
    most = [each["responses"] for each in pages if each["responses"]]
    assert [each["responses"] for each in leaders if each["kind"] == "most"] == most[:8]
    unhappy = sorted((each["unhappy"] for each in pages if each["unhappy"]), reverse=True)
    assert [each["unhappy"] for each in leaders if each["kind"] == "unhappy"] == unhappy[:3]
