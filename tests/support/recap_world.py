"""A small website whose week of 16 to 22 November 2026 is over, with a recap whose text is known exactly."""

from datetime import datetime, timedelta
from uuid import UUID

from tests.support.sql_world import Project, World, local

ZONE = "Europe/Rome"
DUE = local("2026-11-23 08:00", ZONE)
DAY = timedelta(days=1)
PAGES = "https://acorn.example"


def build(world: World, *, people: int = 1) -> Project:
    """Create the website with `people` members, and enqueue its recaps."""
    of = world.project(ZONE, DUE - 30 * DAY)
    world.ask("update project set name = 'Acorn', slug = 'acorn' where id = %s", of.id)
    world.ask("update member set created_at = '2000-01-01'")
    world.ask("update person set email = 'p0@example.com'")
    for n in range(1, people):
        world.ask(
            "with p as (insert into person (id, email, verified_at) values (gen_random_uuid(), %s, now()) returning *)"
            " insert into member (account_id, person_id, role, created_at)"
            " select %s, id, 'viewer', '2000-01-01' from p",
            f"p{n}@example.com", of.account_id,
        )  # fmt: skip
    helpful, ideas = world.widget(of, "yesno"), world.widget(of, "tagged")
    world.ask("update widget set name = 'Was this helpful?' where id = %s", helpful.id)
    world.ask("update widget set name = 'Ideas' where id = %s", ideas.id)

    def send(key: str, option_no: int, at: datetime, times: int) -> None:
        for n in range(times):
            world.send(helpful, option_no, at + timedelta(seconds=n), PAGES + key)

    before, week = local("2026-11-10 12:00", ZONE), local("2026-11-17 12:00", ZONE)
    send("/pricing", 1, before - 7 * DAY, 1)  # so that the week before is a whole one of the project
    send("/pricing", 1, before, 10)
    send("/docs", 1, before, 20)
    send("/pricing", 1, week, 56)
    send("/pricing", 2, week + DAY, 4)
    send("/docs", 2, week + 2 * DAY, 6)
    response = world.send(ideas, 2, week + DAY, PAGES + "/pricing")
    world.ask("update response set body = %s where id = %s", "The yearly price is\nnowhere <to> be found.", response.id)
    world.ask("select fn.add_refusals(array[%s], array[%s], '{origin}', '{https://new.example}', '{12}', %s)",
              of.account_id, of.id, week)  # fmt: skip
    world.close(DUE)
    world.ask("call fn.run_by_account('{enqueue recaps}', %s)", DUE)
    return of


def ids(world: World) -> dict[str, UUID]:
    """The ids of its widgets, placements and message, by the names that the expected text uses."""
    widgets = dict(world.ask("select name, id from widget"))
    placements = {(widget_name, key.removeprefix(PAGES)): id for widget_name, key, id in world.ask(
        "select s.name, c.key, c.id from placement as c"
        " join widget as s on s.account_id = c.account_id and s.id = c.widget_id"
    )}  # fmt: skip
    return {
        "helpful": widgets["Was this helpful?"],
        "ideas": widgets["Ideas"],
        "docs": placements["Was this helpful?", "/docs"],
        "pricing": placements["Was this helpful?", "/pricing"],
        "idea": placements["Ideas", "/pricing"],
        "message": world.value("select id from response where body is not null"),
    }
