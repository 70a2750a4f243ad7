import asyncio

import asyncpg
import pytest

from app.database import db
from app.errors import FeelbackError
from app.site import demo_project
from tests.support.settings import DEMO_PASSWORD

Pool = asyncpg.Pool

ALL = """select (select count(*) from response), (select sum(count) from tally), (select count(*) from placement),
    (select count(*) from widget), (select count(*) from account), (select count(*) from person)"""


async def test_it_loads_a_widget_of_every_type(pool: "Pool[asyncpg.Record]") -> None:
    loaded = await demo_project.load(pool, DEMO_PASSWORD)
    # A first start waits for it: what that takes grows with the rows.
    assert 1000 < await pool.fetchval("select count(*) from response") < 10_000
    assert (loaded.email, loaded.password, loaded.project) == ("demo@feelback.example", "feelback-demo", "demo")
    assert list(loaded.widgets) == [
        "pulse", "updown", "yesno", "reaction", "rating", "nps", "message", "tagged", "form",
    ]  # fmt: skip
    assert await pool.fetchval("select origins from project") == ["*"]


async def test_its_tallies_equal_its_rows(pool: "Pool[asyncpg.Record]") -> None:
    await demo_project.load(pool, DEMO_PASSWORD)
    for table, day in (("tally", "null::date"), ("tally_day", "counted_on")):
        columns = "placement_id, option_no, count" if table == "tally" else "placement_id, option_no, day, count"
        rows = f"select placement_id, option_no{', ' + day if table == 'tally_day' else ''}, count(*) from response"
        group = "placement_id, option_no" + (", counted_on" if table == "tally_day" else "")
        different = f"""(select {columns} from {table} except {rows} group by {group})
            union all ({rows} group by {group} except select {columns} from {table})"""
        assert await pool.fetch(different) == []
    assert await pool.fetchval("select bool_and(placements = 11) from widget")
    assert await pool.fetchval(
        "select bool_and(id >= fn.uuid_floor(created_at) and id < fn.uuid_floor(created_at + interval '2 ms')"
        " and counted_on = (created_at at time zone 'UTC')::date and created_at <= now()) from response"
    )
    assert await pool.fetchval("select count(distinct counted_on) from response") >= 90
    assert await pool.fetchval("select count(distinct (widget_id, option_no)) from response") == 34


async def test_loading_it_again_changes_nothing(pool: "Pool[asyncpg.Record]") -> None:
    first = await demo_project.load(pool, DEMO_PASSWORD)
    before = await pool.fetchrow(ALL)
    assert await demo_project.load(pool, DEMO_PASSWORD) == first
    assert await pool.fetchrow(ALL) == before


async def test_two_that_load_it_at_once_load_it_once(database: str, pool: "Pool[asyncpg.Record]") -> None:
    pools = [await db.connect(database) for _ in range(3)]
    loaded = await asyncio.gather(*(demo_project.load(each, DEMO_PASSWORD) for each in pools))
    assert len({each.widgets["pulse"] for each in loaded}) == 1
    assert await pool.fetchval("select count(*) from project") == 1
    for each in pools:
        await each.close()


async def test_it_is_the_same_every_time(pool: "Pool[asyncpg.Record]") -> None:
    await demo_project.load(pool, DEMO_PASSWORD)
    figures = [
        await pool.fetchval(
            """select md5(string_agg(s::text, '' order by s::text))
            from fn.demo_project($1) as p, fn.demo_responses(p.account_id, p.id, '2026-05-04 12:00Z') as s""",
            demo_project.EMAIL,
        )
        for _ in range(2)
    ]
    assert figures[0] == figures[1]


async def test_it_refuses_where_somebody_else_has_its_address(pool: "Pool[asyncpg.Record]") -> None:
    await pool.fetch("select * from fn.create_account('A', $1, null)", demo_project.EMAIL)
    with pytest.raises(FeelbackError) as caught:
        await demo_project.load(pool, DEMO_PASSWORD)
    assert caught.value.status == 409


async def test_it_goes_on_where_it_was_cut_off(pool: "Pool[asyncpg.Record]") -> None:
    account = await pool.fetchval("select account_id from fn.create_account('Demo', $1, 'hash')", demo_project.EMAIL)
    await pool.execute("update account set is_demo = true where id = $1", account)
    await demo_project.load(pool, DEMO_PASSWORD)
    before = await pool.fetchrow(ALL)
    # As after the transaction that creates the project and its widgets.
    for table in ("response", "tally", "tally_day", "placement", "page"):
        await pool.execute(f"delete from {table} where account_id = $1", account)
    await demo_project.load(pool, DEMO_PASSWORD)
    assert await pool.fetchrow(ALL) == before
