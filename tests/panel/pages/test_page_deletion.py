"""Deleting many pages at once."""

from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest

from tests.support.browser import Browser
from tests.support.citus import at_once
from tests.support.serving import check_tallies

Pool = asyncpg.Pool
AT = "/projects/demo/pages/delete"
CONTINUE = """
    select d.* from fn.deletion_accounts($1::timestamptz) as a, fn.continue_deletions(a, $1::timestamptz, $2) as d
"""
SPAM = "https://evil.example/page"


@pytest.fixture
async def spam(pool: "Pool[asyncpg.Record]") -> None:
    """Thirty made-up pages with a vote each, some of them no address."""
    await make_up(pool, 30)


async def make_up(pool: "Pool[asyncpg.Record]", count: int, start: int = 0) -> None:
    await pool.execute(
        """with w as (select account_id, id from widget where type = 'pulse' order by created_at limit 1)
        select r.* from w, fn.ingest_responses(
            array_fill(w.account_id, array[$1::int]), array_fill(w.id, array[$1]),
            array(select case when n % 10 = 9 then 'made_up ' || n else $3::text || '_' || n end
                from generate_series($2::int, $2 + $1 - 1) as n),
            array(select fn.uuid_v7(now()) from generate_series(1, $1)),
            array_fill((extract(epoch from now()) * 1000)::bigint, array[$1]),
            array_fill(now()::date, array[$1]), array_fill(1::smallint, array[$1]),
            null, null, null, null, null, null, null, 100000, null
        ) as r""",
        count, start, SPAM,
    )  # fmt: skip


async def counts(pool: "Pool[asyncpg.Record]") -> tuple[Any, ...]:
    row = await pool.fetchrow(
        """select (select count(*) from page where key like $1), (select count(*) from page where key like 'made%'),
        (select count(*) from page), (select coalesce(sum(count), 0) from tally)""",
        SPAM + "%",
    )
    assert row is not None
    return tuple(row)


@at_once
async def test_pages_are_chosen_shown_and_deleted(owner: Browser, pool: "Pool[asyncpg.Record]", spam: None) -> None:
    made_up, names, pages, responses = await counts(pool)
    assert (made_up, names) == (27, 3)
    await owner.get("/projects/demo/pages")
    assert f'href="{AT}"' in owner.text
    await owner.get(AT)
    assert "https://evil.example (27)" in owner.text
    assert "Keys that are not URLs (4)" in owner.text
    assert "permanently" not in owner.text
    await owner.get(f"{AT}?origin=https://evil.example")
    assert "27 pages with 27 responses" in owner.text
    assert "The newest 20" in owner.text
    form = owner.form(AT)
    await make_up(pool, 1, 100)  # after the list was shown
    response = await owner.post(AT, {"origin": form["origin"], "pattern": form["pattern"], "until": form["until"]})
    assert response.headers["Location"] == f"{AT}?deleted=27"
    assert await counts(pool) == (1, 3, pages - 26, responses - 26)
    await owner.get(f"{AT}?deleted=27")
    assert "27 pages deleted" in owner.text
    what, about, details = await pool.fetchrow("select what, about, details::text from audit order by at desc limit 1")
    assert (what, about, details) == ("page.deleted", "https://evil.example", '{"pages": 27}')
    await check_tallies(pool)


@pytest.mark.parametrize(
    ("origin", "pattern", "count"),
    [
        ("none", "", 4), ("", "made_up", 3), ("", "MADE*1", 1), ("", "%", 0), ("", "page_1*", 10), ("", "page?1", 0),
        ("https://evil.example", "page_2", 10), ("https://evil.exampl", "", 0), ("https://other.example", "page", 0),
    ],
)  # fmt: skip
@at_once
async def test_a_pattern_matches_parts_of_urls_and_nothing_else(
    owner: Browser, pool: "Pool[asyncpg.Record]", spam: None, origin: str, pattern: str, count: int
) -> None:
    _, _, pages, _ = await counts(pool)
    await owner.get(AT)
    form = {"origin": origin, "pattern": pattern, "until": datetime.now(UTC).isoformat()}
    assert (await owner.post(AT, form)).headers["Location"] == f"{AT}?deleted={count}"
    assert (await counts(pool))[2] == pages - count


async def test_nothing_is_deleted_without_a_choice_or_by_those_who_may_not(
    owner: Browser, teammate: Browser, stranger: Browser, pool: "Pool[asyncpg.Record]", spam: None
) -> None:
    before = await counts(pool)
    await owner.get(AT)
    until = {"until": datetime.now(UTC).isoformat()}
    for wrong in ("rubbish", "0001-01-01T00:00+14:00", "9999-12-31T23:59-14:00"):
        assert (await owner.post(AT, {"pattern": "page", "until": wrong})).headers["Location"].endswith("=0")
        await owner.get(AT)
    assert (await owner.post(AT, {"origin": "", "pattern": "", **until})).status_code == 422
    await teammate.get(f"{AT}?pattern=page")
    assert "Only admins" in teammate.text
    assert (await teammate.post(AT, {"pattern": "page", **until})).status_code == 403
    await stranger.get("/projects")
    assert (await stranger.post(AT, {"pattern": "page", **until})).status_code == 404
    assert await counts(pool) == before


async def test_many_pages_are_deleted_in_batches_in_the_background(
    owner: Browser, pool: "Pool[asyncpg.Record]"
) -> None:
    _, _, pages, responses = await counts(pool)
    await make_up(pool, 700)
    await owner.get(AT)
    until = datetime.now(UTC).isoformat()
    assert (await owner.post(AT, {"pattern": "page_", "until": until})).headers["Location"] == f"{AT}?deleted=630"
    made_up, names, *_ = await counts(pool)
    assert (made_up, names) == (630, 70)
    # They accept nothing any more, and nobody can bring them back.
    assert await pool.fetchval("select count(*) from page where archived_at is null and key like $1", SPAM + "%") == 0
    id = await pool.fetchval("select id from page where key like $1 limit 1", SPAM + "%")
    await owner.get(AT)
    assert "are being deleted" in owner.text
    assert (await owner.post(f"/projects/demo/pages/{id}/unarchive", {})).status_code == 409
    later = datetime.now(UTC) + timedelta(minutes=1)
    await pool.execute(CONTINUE, later, 200)  # not all responses of the account
    for _ in range(200):
        if not await pool.fetchval("select count(*) from deletion"):
            break
        await pool.execute(CONTINUE, later, 5000)
    assert await counts(pool) == (0, 70, pages + 70, responses + 70)
    await check_tallies(pool)
    assert await pool.fetchval("select count(*) from page where deletion_id is not null") == 0


async def test_the_last_of_it_is_done_in_batches_too(owner: Browser, pool: "Pool[asyncpg.Record]") -> None:
    await make_up(pool, 700)
    await owner.get(AT)
    await owner.post(AT, {"pattern": "page_", "until": datetime.now(UTC).isoformat()})
    account_id, id = await pool.fetchrow("select account_id, id from deletion")
    finished = [await pool.fetchval("select fn.finish_deletion($1, $2, 300)", account_id, id) for _ in range(3)]
    assert finished == [False, False, True]
    assert (await counts(pool))[0] == 0
    assert await pool.fetchval("select count(*) from deletion") == 0
