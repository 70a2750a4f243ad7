"""Pages of a project and their placements: what holds for a page holds for every widget on it."""

import json
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest

from tests.support.citus import at_once
from tests.support.recount import differences
from tests.support.sql_world import Project, Widget, World, is_waiting

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def project(world: World) -> Project:
    return world.project("UTC", NOW - 30 * DAY)


@pytest.fixture
def widgets(world: World, project: Project) -> list[Widget]:
    """Three widgets; the first two have pages /a and /b."""
    widgets = [world.widget(project) for _ in range(3)]
    for widget in widgets[:2]:
        for key in ("/a", "/b"):
            world.send(widget, 1, NOW, key)
    return widgets


def create(world: World, widgets: list[Widget], keys: list[str], limit: int = 100) -> None:
    """Create placements: each widget on the key at the same position."""
    world.ask(
        "select fn.create_placements(%s, %s, %s, %s, %s)",
        [widget.account_id for widget in widgets], [widget.id for widget in widgets], keys, limit, NOW,
    )  # fmt: skip


def outcome(world: World, widget: Widget, key: str) -> str:
    """How a response is answered: its refusal, or counted."""
    rows = world.ask(
        "select outcome from fn.ingest_responses(array[%s], array[%s], array[%s], array[fn.uuid_v7(%s)],"
        " array[%s::bigint], array[%s::date], array[1::smallint], null, null, null, null, null, null, null, 1000,"
        " null)",
        widget.account_id, widget.id, key, NOW, round(NOW.timestamp() * 1000), NOW.date(),
    )  # fmt: skip
    return str(rows[0][0]) if rows else "counted"


def keys(world: World, table: str = "page") -> list[str]:
    return [row[0] for row in world.ask(f"select key from {table} order by key")]


def sqlstate(world: World, query: str, *arguments: Any) -> str | None:
    try:
        world.ask(query, *arguments)
    except psycopg.Error as error:
        return error.sqlstate
    return None


def wait_until(condition: Callable[[], bool]) -> None:
    for _ in range(500):
        if condition():
            return
        threading.Event().wait(0.02)
    raise AssertionError("the other session never got there")


def test_widgets_share_the_page_of_one_key(world: World, widgets: list[Widget]) -> None:
    assert keys(world) == ["/a", "/b"]
    assert keys(world, "placement") == ["/a", "/a", "/b", "/b"]
    other = world.project("UTC", NOW - DAY, widgets[0].account_id)
    world.send(world.widget(other), 1, NOW, "/a")
    assert keys(world) == ["/a", "/a", "/b"]


def test_renaming_moves_every_placement(world: World, project: Project, widgets: list[Widget]) -> None:
    page, ids = world.page(project), [world.placement(widget) for widget in widgets[:2]]
    world.ask("select fn.rename_page(%s, %s, %s, '/new')", project.account_id, project.id, page)
    assert world.page(project, "/new") == page
    assert [world.placement(widget, "/new") for widget in widgets[:2]] == ids
    assert keys(world) == ["/b", "/new"]
    assert outcome(world, widgets[0], "/new") == outcome(world, widgets[0], "/a") == "counted"
    assert keys(world) == ["/a", "/b", "/new"]
    assert world.value("select count(*) from response where placement_id = %s", ids[0]) == 2
    world.close(NOW)
    assert differences(world) == {}


def test_renaming_to_a_taken_key_is_refused(world: World, project: Project, widgets: list[Widget]) -> None:
    rename = "select fn.rename_page(%s, %s, %s, %s)"
    page = world.page(project)
    assert sqlstate(world, rename, project.account_id, project.id, page, "/b") == "FB409"
    assert sqlstate(world, rename, project.account_id, project.id, page, "") == "FB422"
    assert sqlstate(world, rename, project.account_id, page, page, "/c") == "FB404"
    assert sqlstate(world, rename, project.account_id, project.id, page, "/a") is None  # its own
    assert keys(world) == ["/a", "/b"]


def test_two_renames_to_one_key_leave_one(world: World, project: Project, widgets: list[Widget]) -> None:
    first, second = world.page(project, "/a"), world.page(project, "/b")
    rename = "select fn.rename_page(%s, %s, %s, '/c')"
    states: list[str | None] = []
    other = World(world.dsn)
    with world.connection.transaction():
        world.ask(rename, project.account_id, project.id, first)
        thread = threading.Thread(
            target=lambda: states.append(sqlstate(other, rename, project.account_id, project.id, second))
        )
        thread.start()
        wait_until(lambda: is_waiting(world))
    thread.join()
    other.close_connection()
    assert states == ["FB409"]
    assert keys(world) == ["/b", "/c"]


def test_archiving_stops_every_widget_there(world: World, project: Project, widgets: list[Widget]) -> None:
    of = project.account_id, project.id, world.page(project)
    world.ask("select fn.archive_page(%s, %s, %s, %s)", *of, NOW)
    # The third widget has no placement there.
    assert [outcome(world, widget, "/a") for widget in widgets] == ["archived"] * 3
    assert outcome(world, widgets[2], "/b") == "counted"
    assert world.value("select count(*) from placement where key = '/a' and archived_at = %s", NOW) == 2
    world.ask("select fn.unarchive_page(%s, %s, %s)", *of)
    assert [outcome(world, widget, "/a") for widget in widgets] == ["counted"] * 3
    assert world.value("select count(*) from placement where archived_at is not null") == 0


def test_archiving_waits_for_a_placement_that_is_being_created(
    world: World, project: Project, widgets: list[Widget]
) -> None:
    page = world.page(project)
    other = World(world.dsn)
    with world.connection.transaction():
        create(world, [widgets[2]], ["/a"])
        archive = ("select fn.archive_page(%s, %s, %s)", project.account_id, project.id, page)
        thread = threading.Thread(target=lambda: other.ask(*archive))
        thread.start()
        wait_until(lambda: is_waiting(world))
    thread.join()
    other.close_connection()
    assert world.value("select count(*) from placement where key = '/a' and archived_at is not null") == 3


def test_unarchiving_leaves_a_placement_that_is_being_deleted(
    world: World, project: Project, widgets: list[Widget]
) -> None:
    of = project.account_id, project.id, world.page(project)
    placement = world.placement(widgets[0])
    world.ask("select fn.archive_page(%s, %s, %s)", *of)
    world.ask(
        "select fn.begin_deletion(%s, %s, %s, 'placement', '/a', %s)", project.account_id, project.id, placement, NOW
    )
    world.ask("select fn.unarchive_page(%s, %s, %s)", *of)
    assert world.ask("select id from placement where archived_at is not null") == [(placement,)]


@at_once
def test_the_last_placement_takes_its_page_along(world: World, project: Project, widgets: list[Widget]) -> None:
    delete = "select fn.delete_placement(%s, %s, %s)"
    for widget, left in zip(widgets[:2], (["/a", "/b"], ["/b"]), strict=True):
        assert world.value(delete, project.account_id, project.id, world.placement(widget)) is True
        assert keys(world) == left
    assert world.ask("select placements from widget order by id") == [(1,), (1,), (0,)]
    assert sqlstate(world, delete, project.account_id, project.id, project.id) == "FB404"
    world.close(NOW)
    assert differences(world) == {}
    assert outcome(world, widgets[0], "/a") == "counted"
    assert keys(world) == ["/a", "/b"]


@at_once
def test_a_placement_that_waits_for_a_deletion_gets_a_new_page(
    world: World, project: Project, widgets: list[Widget]
) -> None:
    world.ask(
        "select fn.delete_placement(%s, %s, %s)", project.account_id, project.id, world.placement(widgets[1], "/b")
    )
    old, outcomes, other = world.page(project, "/b"), list[str](), World(world.dsn)
    with world.connection.transaction():
        world.ask(
            "select fn.delete_placement(%s, %s, %s)", project.account_id, project.id, world.placement(widgets[0], "/b")
        )
        thread = threading.Thread(target=lambda: outcomes.append(outcome(other, widgets[2], "/b")))
        thread.start()
        wait_until(lambda: is_waiting(world))
    thread.join()
    other.close_connection()
    assert outcomes == ["counted"]
    assert world.page(project, "/b") != old


def test_nobody_waits_for_each_other_in_a_circle(world: World, project: Project, widgets: list[Widget]) -> None:
    """Ingestion, renaming, archiving and deletion at once, on two pages of three widgets."""
    faults: list[str] = []
    end = threading.Event()

    def repeat(act: Callable[[World, int], None]) -> None:
        own, n = World(world.dsn), 0
        while not end.is_set():
            n += 1
            try:
                act(own, n)
            except psycopg.Error as error:
                # FB404 and FB409 are to be expected; ingestion sends again after 40001.
                if not (error.sqlstate or "").startswith("FB") and error.sqlstate != "40001":
                    faults.append(str(error))
        own.close_connection()

    def of_page(world: World, call: str, key: str, *more: str) -> None:
        rows = world.ask("select id from page where project_id = %s and key = %s", project.id, key)
        marks = "".join(", %s" for _ in more)
        for (id,) in rows:
            world.ask(f"select fn.{call}(%s, %s, %s{marks})", project.account_id, project.id, id, *more)

    def send(own: World, n: int) -> None:
        for widget in widgets:
            outcome(own, widget, ("/a", "/b", "/c")[n % 3])

    def delete(own: World, n: int) -> None:
        rows = own.ask("select id from placement where widget_id = %s limit 1", widgets[n % 3].id)
        for (id,) in rows:
            own.ask("select fn.delete_placement(%s, %s, %s)", project.account_id, project.id, id)

    acts: list[Callable[[World, int], None]] = [
        send,
        send,
        delete,
        lambda own, n: of_page(own, "rename_page", "/a" if n % 2 else "/b", "/b" if n % 2 else "/a"),
        lambda own, n: of_page(own, "archive_page" if n % 2 else "unarchive_page", "/a"),
        lambda own, _: create(own, widgets[::-1], ["/b", "/a", "/b"]),
    ]
    threads = [threading.Thread(target=repeat, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    end.wait(4)
    end.set()
    for thread in threads:
        thread.join()
    assert faults == []
    lonely = (
        "select count(*) from page as p where not exists"
        " (select 1 from placement as c where c.account_id = p.account_id and c.page_id = p.id)"
    )
    assert world.value(lonely) == 0
    orphans = (
        "select count(*) from response as r where not exists"
        " (select 1 from placement as c where c.account_id = r.account_id and c.id = r.placement_id)"
    )
    assert world.value(orphans) == 0


def test_two_that_create_one_page_create_it_once(world: World, widgets: list[Widget]) -> None:
    other = World(world.dsn)
    with world.connection.transaction():
        create(world, [widgets[0]] * 2, ["/x", "/y"])
        thread = threading.Thread(target=lambda: create(other, [widgets[1]] * 2, ["/y", "/x"]))
        thread.start()
        wait_until(lambda: is_waiting(world))
    thread.join()
    other.close_connection()
    assert keys(world) == ["/a", "/b", "/x", "/y"]
    assert world.value("select count(*) from placement where key in ('/x', '/y')") == 4


def test_a_widget_has_no_more_placements_than_the_limit(world: World, widgets: list[Widget]) -> None:
    create(world, [widgets[0], widgets[0], widgets[0], widgets[2]], ["/c", "/d", "/e", "/f"], limit=4)
    assert [key for key in keys(world) if key > "/b"] == ["/c", "/d", "/f"]
    assert world.ask("select placements from widget order by id") == [(4,), (2,), (1,)]
    create(world, [widgets[0]], ["/a"], limit=4)  # it exists already
    assert world.value("select placements from widget where id = %s", widgets[0].id) == 4


def test_a_title_is_set_once(world: World, project: Project, widgets: list[Widget]) -> None:
    def name(*titles: tuple[str, str]) -> None:
        n = len(titles)
        world.ask(
            "select fn.name_pages(%s, %s, %s, %s)",
            [project.account_id] * n, [project.id] * n, [key for key, _ in titles], [title for _, title in titles],
        )  # fmt: skip

    name(("/a", "Home"), ("/b", ""), ("/unknown", "Nothing"))
    name(("/a", "Casino"), ("/b", "x" * 400))
    assert world.ask("select title from page order by key") == [("Home",), ("x" * 300,)]


def test_it_lists_pages(world: World, project: Project, widgets: list[Widget]) -> None:
    def listed(*arguments: Any) -> list[tuple[str, int, list[UUID]]]:
        marks = "".join(", %s" for _ in arguments)
        rows = world.dicts(f"select * from fn.pages(%s, %s{marks})", project.account_id, project.id, *arguments)
        return [
            (row["key"], row["responses"], [UUID(each["widget"]) for each in json.loads(row["placements"])])
            for row in rows
        ]

    world.send(widgets[2], 2, NOW, "/b")
    pages = [("/a", 2, [w.id for w in widgets[:2]]), ("/b", 3, [w.id for w in widgets])]
    assert sorted(listed()) == pages
    assert listed("B") == pages[1:]
    world.ask("update page set title = 'Pricing' where key = '/a'")
    assert listed("pric") == pages[:1]
    first = world.value("select id from page order by id limit 1")
    assert [row[0] for row in listed("", None, first)] == keys(world)[1:]
    assert len(listed("", None, None, 1)) == 1
    world.ask("select fn.archive_page(%s, %s, %s)", project.account_id, project.id, world.page(project))
    assert (listed("", True), listed("", False)) == (pages[:1], pages[1:])
    assert listed("", None, None, 100, world.page(project, "/b")) == pages[1:]
    one = "select * from fn.pages(%s, %s, _id => %s)"
    assert sqlstate(world, one, project.account_id, project.id, project.id) == "FB404"


def test_a_project_and_an_account_go_with_their_pages(world: World, project: Project, widgets: list[Widget]) -> None:
    other = world.project("UTC", NOW - DAY, project.account_id)
    world.send(world.widget(other), 1, NOW, "/a")
    assert world.ask("select * from fn.purge_project(%s, %s)", project.account_id, project.id) == [(3, 4, 4)]
    assert world.ask("select project_id from page") == [(other.id,)]
    world.ask("select fn.purge_account(%s)", project.account_id)
    assert world.value("select count(*) from page") == world.value("select count(*) from placement") == 0
