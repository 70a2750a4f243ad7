"""The leading pages of a window."""

from datetime import timedelta

from tests.support.sql_world import Project, World, local

NOW = local("2026-09-15T12:00")
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def leaders(world: World, project: Project, days: int = 7) -> dict[str, list[str]]:
    """The leading page keys by kind, in order."""
    world.refresh(NOW)
    world.ask("select fn.refresh_leaders()")
    pages: dict[str, list[str]] = {}
    rows = world.ask(
        "select kind, place, key from fn.leaders(%s, %s, %s::smallint)", project.account_id, project.id, days
    )
    for kind, place, key in rows:
        pages.setdefault(kind, []).append(key)
        assert len(pages[kind]) == place
    return pages


def test_it_ranks_95_of_100_before_3_of_3(world: World) -> None:
    project = world.project("UTC", NOW - 20 * DAY)
    votes = world.widget(project)
    world.send(votes, 1, NOW - 15 * DAY, "/old")  # so that 7 days can be compared
    for key, ups, downs in (("/few", 3, 0), ("/many", 95, 5), ("/bad", 1, 9), ("/few-bad", 0, 1), ("/even", 4, 4)):
        for n in range(ups + downs):
            world.send(votes, 1 if n < ups else 2, NOW - DAY, key)
    pages = leaders(world, project)
    assert pages["most"] == ["/many", "/bad", "/even", "/few", "/few-bad"]
    assert pages["best"] == ["/many", "/few"]
    assert pages["worst"] == ["/bad", "/few-bad"]
    # Three more than none may be chance.
    assert pages["rise"] == ["/many", "/bad", "/even"]
    assert "fall" not in pages


def test_it_ranks_placements_of_every_type_together(world: World) -> None:
    project = world.project("UTC", NOW - 20 * DAY)
    votes, stars, notes = (world.widget(project, type) for type in ("updown", "rating", "message"))
    for _ in range(10):
        world.send(votes, 1, NOW, "/liked")
        world.send(stars, 4, NOW, "/four-stars")
        world.send(stars, 1, NOW, "/one-star")
        world.send(notes, 1, NOW, "/noted")
    pages = leaders(world, project)
    assert pages["best"] == ["/liked", "/four-stars"]
    assert pages["worst"] == ["/one-star"]
    assert len(pages["most"]) == 4


def test_it_tells_what_rises_and_falls(world: World) -> None:
    project = world.project("UTC", NOW - 20 * DAY)
    votes = world.widget(project)
    world.send(votes, 1, NOW - 15 * DAY, "/same")
    for key, before, now in (("/up", 1, 9), ("/up-a-bit", 0, 2), ("/same", 3, 3), ("/down", 9, 1), ("/gone", 2, 0)):
        for n in range(before + now):
            world.send(votes, 1, NOW - 8 * DAY if n < before else NOW - 2 * HOUR, key)
    pages = leaders(world, project)
    # Two more or less may be chance.
    assert pages["rise"] == ["/up"]
    assert pages["fall"] == ["/down"]
    assert set(pages["most"]) == {"/up", "/up-a-bit", "/same", "/down"}
    assert "fall" not in leaders(world, project, 30)


def test_it_keeps_to_twenty_of_each_project_and_window(world: World) -> None:
    first = world.project("UTC", NOW - 20 * DAY)
    second = world.project("UTC", NOW - 20 * DAY, first.account_id)
    for project, n in ((first, 25), (second, 2)):
        votes = world.widget(project)
        for page in range(n):
            world.send(votes, 1, NOW, f"/{page}")
    assert {len(keys) for keys in leaders(world, first, 365).values()} == {20}
    assert {len(keys) for keys in leaders(world, second, 365).values()} == {2}
    assert {len(keys) for keys in leaders(world, second, 7).values()} == {2}


def test_it_forgets_a_placement_that_was_deleted(world: World) -> None:
    project = world.project("UTC", NOW - 20 * DAY)
    votes = world.widget(project)
    world.send(votes, 1, NOW, "/a")
    assert leaders(world, project)["most"] == ["/a"]
    world.ask("select fn.purge_placements(%s, array[%s]::uuid[])", project.account_id, world.placement(votes))
    assert world.ask("select * from fn.leaders(%s, %s, 7::smallint)", project.account_id, project.id) == []
    assert leaders(world, project) == {}


def test_it_ranks_the_last_24_full_hours(world: World) -> None:
    project = world.project("UTC", NOW - 20 * DAY)
    votes = world.widget(project)
    world.send(votes, 1, NOW - 9 * DAY, "/old")
    # It is 12:00, and the last full hour ended at 11.
    for hours, option in ((0.5, 1), (1.5, 1), (24.9, 2), (25.1, 1), (48.9, 1), (49.1, 1)):
        for _ in range(9):
            world.send(votes, option, NOW - hours * HOUR, f"/{option}")
    world.refresh(NOW)
    world.ask("select fn.refresh_leaders()")
    sql = "select kind, key, total, before from fn.leaders(%s, %s, 1::smallint)"
    assert world.ask(sql, project.account_id, project.id) == [
        ("most", "/1", 9, 18), ("most", "/2", 9, 0), ("best", "/1", 9, 18), ("worst", "/2", 9, 0), ("rise", "/2", 9, 0),
    ]  # fmt: skip
