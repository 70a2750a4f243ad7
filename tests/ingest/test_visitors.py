import ipaddress
import logging
import time
from datetime import UTC, date, datetime, timedelta
from hashlib import blake2b
from typing import Any

import asyncpg
import pytest

from tests.support import factories
from tests.support.serving import BROWSER, PAGE, SECRET, Api, MakeApi, ingest_of

DAY = timedelta(days=1)
ADDRESSES = ["198.18.77.201", "2001:db8:77::201"]


async def outcome(api: Api, widget_id: str, **more: object) -> str:
    return str((await api.stored(widget_id, "+", **{"visitor": None, **more}))["outcome"])


async def test_it_tells_visitors_apart_by_address_and_browser(api: Api) -> None:
    likes = await factories.widget(api.pool)
    assert await outcome(api, likes.id, address="192.0.2.1") == "counted"
    assert await outcome(api, likes.id, address="192.0.2.1") == "duplicate"
    assert await outcome(api, likes.id, address="192.0.2.2") == "counted"
    assert await outcome(api, likes.id, address="192.0.2.1", headers={"user-agent": "Another/1.0"}) == "counted"
    assert await outcome(api, likes.id, address="192.0.2.1", visitor="somebody") == "counted"
    assert await outcome(api, likes.id, address="192.0.2.3", visitor="somebody") == "duplicate"


async def test_it_counts_an_ipv6_subscriber_once(api: Api) -> None:
    likes = await factories.widget(api.pool)
    assert await outcome(api, likes.id, address="2001:db8:1:2::1") == "counted"
    assert await outcome(api, likes.id, address="2001:db8:1:2:ffff::9") == "duplicate"
    assert await outcome(api, likes.id, address="2001:db8:1:3::1") == "counted"
    assert await outcome(api, likes.id, address="192.0.2.1") == "counted"
    assert await outcome(api, likes.id, address="::ffff:192.0.2.1") == "duplicate"


@pytest.mark.parametrize(
    ("peer", "headers", "same_as"),
    [
        ("127.0.0.1", {"x-forwarded-for": "192.0.2.1"}, "192.0.2.1"),
        ("127.0.0.1", {"x-forwarded-for": "6.6.6.6, 192.0.2.1"}, "192.0.2.1"),
        ("127.0.0.1", {"x-forwarded-for": "6.6.6.6, 192.0.2.1, 127.0.0.1"}, "192.0.2.1"),
        ("127.0.0.1", {"x-forwarded-for": "6.6.6.6, nonsense"}, "127.0.0.1"),
        ("127.0.0.1", {"x-forwarded-for": ""}, "127.0.0.1"),
        ("127.0.0.1", {"fly-client-ip": "192.0.2.1"}, "192.0.2.1"),
        ("127.0.0.1", {"fly-client-ip": "nonsense"}, "127.0.0.1"),
        ("127.0.0.1", {"fly-client-ip": "6.6.6.6", "x-forwarded-for": "192.0.2.1"}, "192.0.2.1"),
        ("203.0.113.9", {"x-forwarded-for": "192.0.2.1"}, "203.0.113.9"),
        ("203.0.113.9", {"fly-client-ip": "192.0.2.1"}, "203.0.113.9"),
    ],
)
async def test_it_believes_only_trusted_proxies(api: Api, peer: str, headers: dict[str, str], same_as: str) -> None:
    likes = await factories.widget(api.pool)
    assert await outcome(api, likes.id, address=peer, headers=headers) == "counted"
    assert await outcome(api, likes.id, address=same_as) == "duplicate"


async def test_it_trusts_the_configured_proxies(make_api: MakeApi) -> None:
    api = await make_api(trusted_proxies="10.0.0.0/8")
    likes = await factories.widget(api.pool)
    assert (
        await outcome(api, likes.id, address="10.1.2.3", headers={"x-forwarded-for": "192.0.2.1, 10.9.9.9"})
        == "counted"
    )
    assert await outcome(api, likes.id, address="192.0.2.1") == "duplicate"
    assert await outcome(api, likes.id, address="127.0.0.1", headers={"x-forwarded-for": "192.0.2.1"}) == "counted"


async def test_it_shares_the_salt_between_servers(make_api: MakeApi) -> None:
    one, two = await make_api(), await make_api()
    likes = await factories.widget(one.pool)
    assert await outcome(one, likes.id) == "counted"
    assert await outcome(two, likes.id) == "duplicate"
    assert await outcome(two, likes.id, visitor="somebody") == "counted"
    assert await outcome(one, likes.id, visitor="somebody") == "duplicate"
    assert await one.pool.fetchval("select count(*) from visitor_salt") == 1


async def test_it_gives_projects_nothing_to_compare(api: Api) -> None:
    widgets = [await factories.widget(api.pool) for _ in range(2)]
    for widget in widgets:
        for visitor in (None, "somebody"):
            await api.stored(widget.id, "+", visitor=visitor)
    visitors = [row["visitor"] for row in await api.pool.fetch("select visitor from response")]
    assert len(set(visitors)) == len(visitors) == 4


async def test_it_knows_a_visitor_on_another_page_of_the_project_today(api: Api) -> None:
    likes = await factories.widget(api.pool)
    for key in ("a", "b"):
        await api.stored(likes.id, "+", key, visitor=None, address="192.0.2.1")
    assert await api.pool.fetchval("select count(distinct visitor) from response") == 1
    assert await api.pool.fetchval("select count(distinct dedup_key) from response") == 2


class Clock:
    """Move ingestion's clock forward by days."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.ahead = timedelta()
        clock, real = self, time.time_ns

        class Moved(datetime):
            @classmethod
            def now(cls, tz: object = None) -> datetime:
                return datetime.now(UTC) + clock.ahead

        monkeypatch.setattr("app.ingest.visitors.datetime", Moved)
        monkeypatch.setattr("app.ingest.responses.datetime", Moved)
        monkeypatch.setattr("app.ingest.lookups.datetime", Moved)
        monkeypatch.setattr(
            "app.ingest.responses.time.time_ns", lambda: real() + int(clock.ahead.total_seconds()) * 10**9
        )


async def test_it_changes_the_salt_every_day_and_destroys_it(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(monkeypatch)
    likes = await factories.widget(api.pool)
    today = datetime.now(UTC).date()
    assert await outcome(api, likes.id, address="192.0.2.1") == "counted"
    assert await outcome(api, likes.id, visitor="somebody", address="192.0.2.2") == "counted"
    clock.ahead = DAY
    assert await outcome(api, likes.id, address="192.0.2.1") == "counted"
    assert await outcome(api, likes.id, visitor="somebody", address="192.0.2.2") == "duplicate"
    salts = await api.pool.fetch("select day, salt from visitor_salt order by day")
    assert [row["day"] for row in salts] == [today, today + DAY]
    assert salts[0]["salt"] != salts[1]["salt"]
    # The nightly jobs delete the salt and everything hashed with it, except visits by token.
    assert await api.pool.fetchval("select count(*) from visit") == 3
    midnight = datetime.combine(today + DAY, datetime.min.time(), UTC)
    await api.pool.execute("select fn.delete_old_salts($1)", midnight)
    await api.pool.execute("call fn.run_by_account('{delete old visits}', $1)", midnight)
    assert [row["day"] for row in await api.pool.fetch("select day from visitor_salt")] == [today + DAY]
    assert await api.pool.fetchval("select count(*) from visit") == 2
    assert await outcome(api, likes.id, visitor="somebody", address="192.0.2.2") == "duplicate"
    assert await outcome(api, likes.id, address="192.0.2.1") == "duplicate"
    await api.pool.execute("delete from address_visit")  # they could be matched


async def test_it_counts_a_response_after_midnight_on_the_new_day(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(monkeypatch)
    likes = await factories.widget(api.pool)
    days = []
    for ahead in (timedelta(), DAY):
        clock.ahead = ahead
        response = await api.stored(likes.id, "+")
        days.append(await api.pool.fetchval("select counted_on from response where id = $1", response["id"]))
    assert days == [datetime.now(UTC).date(), datetime.now(UTC).date() + DAY]
    await api.delete(response)
    rows = await api.pool.fetch("select day, count from tally_day where count > 0")
    assert [tuple(row) for row in rows] == [(days[0], 1)]


async def test_it_runs_the_job_that_destroys_salts_at_midnight(pool: "asyncpg.Pool[asyncpg.Record]") -> None:
    row = await pool.fetchrow("select schedule, command from fn.job where name = 'delete old salts'")
    assert row is not None
    assert row["schedule"] == "0 0 * * *"
    await pool.execute("insert into visitor_salt values ($1, $2)", date(2020, 1, 1), b"x" * 32)
    await pool.execute(row["command"])
    assert await pool.fetchval("select count(*) from visitor_salt") == 0


async def everything(pool: "asyncpg.Pool[asyncpg.Record]") -> dict[str, bytes]:
    """The contents of every table as bytes, by table and column."""
    columns = await pool.fetch(
        "select table_name, column_name, data_type from information_schema.columns "
        "where table_schema = 'public' and table_name in (select relname from pg_class where relkind in ('r', 'p'))"
    )
    contents = {}
    for table, column, kind in columns:
        text = f'"{column}"' if kind == "bytea" else f"convert_to(\"{column}\"::text, 'UTF8')"
        rows = await pool.fetch(f'select {text} as held from "{table}" where "{column}" is not null')
        contents[f"{table}.{column}"] = b"\n".join(row["held"] for row in rows)
    return contents


async def test_it_keeps_no_address_and_no_browser_anywhere(make_api: MakeApi, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    api = await make_api(limit_visitors_per_address="1", limit_address_burst="15", limit_address_per_second="1")
    project = await factories.project(api.pool, origins=("https://example.com",))
    widgets = [await factories.widget(api.pool, type, of=project) for type in ("pulse", "message", "tagged")]
    widgets.append(await factories.widget(api.pool, policy="address", of=project))
    values = ["+", "said", {"tag": "idea"}, "+"]
    statuses = set()
    for address in ADDRESSES:
        for widget, value in zip(widgets, values, strict=True):
            for visitor in (None, "somebody-secret", "another-secret"):
                for origin in ("https://example.com", "https://evil.example"):
                    answer = await api.create(
                        widget.id, value, visitor=visitor, address=address, headers={"origin": origin}
                    )
                    statuses.add(answer.status)
    assert statuses == {200, 201, 403, 429}
    await ingest_of(api).refusals.flush()
    contents = await everything(api.pool)
    assert b"said" in contents["response.body"]  # the search works
    assert b"origin" in contents["refusal.reason"]
    salt = await api.pool.fetchval("select salt from visitor_salt")
    assert salt in contents["visitor_salt.salt"]
    log = "\n".join(record.getMessage() + str(record.exc_text) for record in caplog.records).encode()
    packed = [ipaddress.ip_address(address).packed for address in ADDRESSES]
    for needle in [
        *(address.encode() for address in ADDRESSES), *packed, packed[1][:8], packed[0].hex().encode(),
        packed[1].hex()[:16].encode(),
        BROWSER.encode(), b"Firefox", b"-secret", SECRET.encode(),
    ]:  # fmt: skip
        for place, content in contents.items():
            assert needle not in content, place
        assert needle not in log


async def test_it_logs_nothing_that_a_visitor_typed(api: Api, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    messages, form = (
        await factories.widget(api.pool, "message"),
        await factories.widget(api.pool, "form", is_open_form=True),
    )
    tagged = await factories.widget(api.pool, "tagged")
    # A row that the database refuses, so that something is logged.
    await api.pool.execute("alter table response add constraint typed check (body not like '%refuse%')")
    typed = "xyzzy-typed"
    for widget, value in (
        (messages, typed), (messages, f"{typed} refuse"), (messages, [typed]), (form, {typed: typed}), (form,
        {"a": [typed]}),
        (tagged, {"tag": typed}), (tagged, {"tag": "idea", "message": f"{typed} refuse"}),
    ):  # fmt: skip
        await api.create(widget.id, value, f"https://example.com/?{typed}", context={"$user": f"{typed}@example.com"})
        await api.create(widget.id, value, typed * 300, visitor=typed, headers={"referer": f"{PAGE}?{typed}"})
        await api.v0("create", {"contentSetId": widget.id, "key": typed, "value": value})
    await api.send("POST", f"/v1/{typed}", typed.encode())
    await api.send("POST", "/v1/responses", typed.encode())
    await api.send("GET", "/v1/stats", query=f"widget={typed}&page={typed}".encode())
    await api.send("GET", "/v0/feelbacks/getAggregates", query=f"$p={typed}".encode())
    assert any("refused" in record.getMessage() for record in caplog.records)
    formatter = logging.Formatter()
    for record in caplog.records:
        assert typed not in formatter.format(record)


OTHERS: list[dict[str, Any]] = [
    {"address": "192.0.2.9"},
    {"address": "192.0.2.1", "headers": {"user-agent": "Another/1.0"}},
]


@pytest.mark.parametrize("type", ["pulse", "message"])
async def test_somebody_else_s_token_gives_nothing_to_edit_with(api: Api, type: str) -> None:
    widget = await factories.widget(api.pool, type)
    first = await api.stored(widget.id, "+", visitor="user-1234", address="192.0.2.1")
    for other in OTHERS:
        answer = await api.stored(widget.id, "+", visitor="user-1234", **other)
        assert answer == {"outcome": "duplicate"}
        item = {"widget": widget.id, "page": PAGE, "value": "+", "visitor": "user-1234"}
        batch = await api.post("/v1/responses", {"items": [item]}, other.get("headers"), address=other["address"])
        assert batch.json()["items"] == [{"status": 200, "outcome": "duplicate"}]
    again = await api.stored(widget.id, "+", visitor="user-1234", address="192.0.2.1")
    assert (again["id"], again["outcome"]) == (first["id"], "duplicate")
    # A server that has a key of the project is trusted with its visitors.
    bearer = {"authorization": f"Bearer {await factories.api_key(api.pool, widget, 'send')}"}
    assert (await api.stored(widget.id, "+", visitor="user-1234", headers=bearer))["id"] == first["id"]
    assert await api.pool.fetchval("select count(*) from response") == 1
    assert (await api.delete(again)).status == 204  # the same browser may


async def test_somebody_else_of_one_address_gets_nothing_to_edit_with(api: Api) -> None:
    likes = await factories.widget(api.pool, policy="address")
    first = await api.stored(likes.id, "+", visitor=None, address="192.0.2.1")
    other = {"headers": {"user-agent": "Another/1.0"}, "address": "192.0.2.1"}
    assert await api.stored(likes.id, "+", visitor=None, **other) == {"outcome": "duplicate"}
    assert (await api.stored(likes.id, "+", visitor=None, address="192.0.2.1"))["id"] == first["id"]
    # The published SDKs get an id, but no token.
    argument = {"contentSetId": likes.id, "key": PAGE, "value": "+", "revokable": True}
    answers = []
    for headers in ({}, other["headers"]):
        origin = {"origin": "https://example.com", **headers}
        answers.append((await api.v0("create", argument, origin, address="192.0.2.1")).json())
    assert answers[0]["feelbackId"] == first["id"]
    assert set(answers[0]) == {"feelbackId", "revokable"}
    assert answers[1]["feelbackId"] != first["id"]
    assert set(answers[1]) == {"feelbackId"}


async def test_a_day_that_an_older_version_began_counts_nobody_twice(api: Api) -> None:
    salt = b"s" * 32
    await api.pool.execute("insert into visitor_salt values ((now() at time zone 'UTC')::date, $1)", salt)
    likes = await factories.widget(api.pool)
    response = await api.stored(likes.id, "+", visitor=None, address="192.0.2.1")
    row = await api.pool.fetchrow(
        "select p.project_id, r.visitor from response as r"
        " join widget as p on p.account_id = r.account_id and p.id = r.widget_id"
    )
    address = ipaddress.ip_address("192.0.2.1").packed
    sender = b"%b%c%b%b" % (row["project_id"].bytes, len(address), address, BROWSER.encode())
    assert row["visitor"] == blake2b(sender, key=salt, digest_size=16).digest()  # as that version hashes
    assert (await api.stored(likes.id, "+", visitor=None, address="192.0.2.1"))["id"] == response["id"]


async def test_deleting_frees_a_place_of_one_s_own_address(make_api: MakeApi) -> None:
    api = await make_api(limit_visitors_per_address="1")
    likes = await factories.widget(api.pool)
    for address, other in (("203.0.113.7", 429), ("192.0.2.7", 429)):
        response = await api.stored(likes.id, "+", visitor=f"mine-{address}", address=address)
        assert (await api.create(likes.id, "+", visitor=f"more-{address}", address=address)).status == other
    # `Api.delete` sends from 203.0.113.7: what is deleted there frees a place there alone.
    assert (await api.delete(response)).status == 204
    assert (await api.create(likes.id, "+", visitor="more-1234", address="192.0.2.7")).status == 429
    assert (await api.create(likes.id, "+", visitor="more-5678", address="203.0.113.7")).status == 201
    assert await api.pool.fetchval("select count(*) from visit where address is not null") == 0
