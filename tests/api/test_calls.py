"""The calls of the management API."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.support import stopped_clock
from tests.support.api_cases import DELETED
from tests.support.api_tenants import Tenant, ask, got
from tests.support.citus import at_once
from tests.support.serving import Api, ingest_of

OF = "/v1/projects/{project}"


async def test_it_updates_a_project_by_the_names_of_the_api(api: Api, tenants: list[Tenant]) -> None:
    own = tenants[0]
    answer = await ask(
        api, own.write, "PATCH", own.filled(OF),
        {
            "name": "Blog", "timeZone": "Europe/Rome", "retentionDays": 30, "testMode": True,
            "keyRules": {"trailingSlash": False, "query": ["page"]}, "origins": ["https://example.com"],
        },
    )  # fmt: skip
    project = answer.json()
    assert answer.status == 200
    assert (project["name"], project["timeZone"], project["retentionDays"], project["testMode"]) == (
        "Blog",
        "Europe/Rome",
        30,
        True,
    )
    assert project["keyRules"] == {"trailingSlash": False, "query": ["page"]}
    assert project == await got(api, own, "")
    for wrong, words in (
        ({"timeZone": "Moon"}, "time zone"),
        ({"retentionDays": "a"}, "retentionDays"),
        ({"time_zone": "UTC"}, "time_zone"),
        ({"keyRules": {"www": 1}}, "URL matching rules"),
        ([], "object"),
    ):
        refused = await ask(api, own.write, "PATCH", own.filled(OF), wrong)
        assert refused.status == 422
        assert words in refused.json()["message"]
    note = await api.pool.fetchrow("select actor, api_key_id from audit where what = 'project.updated'")
    assert note is not None
    assert note["actor"].startswith("manage key …")
    assert note["api_key_id"]


async def test_it_updates_which_pages_a_project_takes_and_its_daily_limits(api: Api, tenants: list[Tenant]) -> None:
    own = tenants[0]
    path = own.filled(f"{OF}/admission")
    before = await got(api, own, "/admission")
    assert set(before) == {"freeKeys", "networkPages", "networkMessages"}
    changed = await ask(api, own.write, "PATCH", path, {"freeKeys": not before["freeKeys"], "networkPages": 7})
    assert changed.status == 200
    wanted = {**before, "freeKeys": not before["freeKeys"], "networkPages": 7}
    assert changed.json() == wanted == await got(api, own, "/admission")
    stored = await api.pool.fetchrow(
        "select free_keys, network_pages from project where id = $1::text::uuid", str(own.project.id)
    )
    assert stored is not None
    assert tuple(stored) == (wanted["freeKeys"], 7)
    assert await api.pool.fetchval("select details from audit where what = 'project.updated' order by id desc limit 1")
    for wrong, words in (
        ({"networkPages": 1_000_001}, "0 to 1000000"),
        ({"networkMessages": -1}, "0 to 1000000"),
        ({"networkMessages": 1.5}, "networkMessages must be a whole number"),
        ({"freeKeys": "yes"}, "freeKeys must be true or false"),
        ({"name": "x"}, "name"),
    ):
        refused = await ask(api, own.write, "PATCH", path, wrong)
        assert (refused.status, words in refused.json()["message"]) == (422, True), refused.json()
    assert await got(api, own, "/admission") == wanted


@pytest.mark.parametrize(
    ("body", "status", "name"),
    [
        (b'{"name":"a","name":"b"}', 200, "b"),
        (b'{"name":"a","n\\u0061me":"b"}', 200, "b"),
        (b"[" * 17 + b"]" * 17, 400, None),
    ],
)
async def test_patch_takes_the_last_value_of_a_repeated_name(
    api: Api, tenants: list[Tenant], body: bytes, status: int, name: str | None
) -> None:
    own = tenants[0]
    headers = {"authorization": f"Bearer {own.write}", "content-type": "application/json"}
    answer = await api.send("PATCH", own.filled(OF), body, headers)
    assert (answer.status, answer.json().get("name")) == (status, name)


async def test_it_takes_the_first_time_that_there_is(api: Api, tenants: list[Tenant]) -> None:
    path = tenants[0].filled(f"{OF}/responses")
    for time, status in (("1970-01-01T00:00:00Z", 200), ("1970-01-01T00:00:00%2B14:00", 422)):
        assert (await ask(api, tenants[0].read, "GET", path, query=f"from={time}")).status == status


async def test_it_creates_updates_and_deletes_a_widget(api: Api, tenants: list[Tenant]) -> None:
    own = tenants[0]
    answer = await ask(
        api, own.write, "POST", own.filled(f"{OF}/widgets"),
        {
            "name": "Feeling", "type": "reaction", "windowSeconds": None, "visitorPolicy": "open",
            "options": [{"value": "good", "weight": 1}, {"value": "bad", "weight": -1}],
            "keyRules": {"hashRoutes": True},
        },
    )  # fmt: skip
    widget = answer.json()
    assert answer.status == 201
    assert (widget["windowSeconds"], widget["visitorPolicy"], widget["keyRules"]) == (
        None,
        "open",
        {"hashRoutes": True},
    )
    path = f"{own.filled(OF)}/widgets/{widget['id']}"
    changed = await ask(api, own.write, "PATCH", path, {"name": "Mood", "windowSeconds": 60})
    assert (changed.json()["name"], changed.json()["windowSeconds"]) == ("Mood", 60)
    options = [{"value": "bad"}, {"value": "fine", "label": "Fine", "icon": "🙂", "weight": 0.5}]
    changed = await ask(api, own.write, "PUT", f"{path}/options", {"options": options})
    assert [(option["value"], option["retired"]) for option in changed.json()["options"]] == [
        ("bad", False), ("fine", False), ("good", True),
    ]  # fmt: skip
    assert (
        await ask(api, own.write, "POST", own.filled(f"{OF}/widgets"), {"name": "Mood", "type": "pulse"})
    ).status == 409
    for wrong in (
        {"name": "x"}, {"name": "x", "type": "vote"}, {"name": 1, "type": "pulse"},
        {"name": "x", "type": "pulse", "a": 1},
        {"name": "x", "type": "pulse", "windowSeconds": -1}, {"name": "x", "type": "pulse", "windowSeconds": True},
        {"name": "x", "type": "reaction", "options": [1]}, {"name": "x", "type": "pulse", "fields": None},
    ):  # fmt: skip
        assert (await ask(api, own.write, "POST", own.filled(f"{OF}/widgets"), wrong)).status == 422, wrong
    assert (await ask(api, own.write, "DELETE", path)).status == DELETED
    assert (await ask(api, own.read, "GET", path)).status == (404 if DELETED == 204 else 200)


async def test_it_renames_a_page_to_its_canonical_key(api: Api, tenants: list[Tenant]) -> None:
    own = tenants[0]
    path = own.filled(f"{OF}/pages/{{page}}")
    address = "HTTPS://www.Example.com/moved/?utm_source=x"
    renamed = await ask(api, own.write, "PATCH", path, {"key": address})
    assert renamed.json()["key"] == "https://example.com/moved"
    assert sum(await api.counts(own.votes, address)) == 2
    await api.stored(own.votes, "+1", address)
    assert sum(await api.counts(own.votes, address)) == 3
    assert (await ask(api, own.write, "PATCH", path, {"key": "/1"})).status == 409
    for wrong in ({"key": ""}, {"title": ""}, {"title": "x" * 301}, {}, {"name": "x"}):
        assert (await ask(api, own.write, "PATCH", path, wrong)).status == 422, wrong
    assert (await ask(api, own.write, "PATCH", path, {"title": "Moved"})).json()["title"] == "Moved"
    assert (await got(api, own, "/pages", "text=moved"))["items"][0]["title"] == "Moved"
    assert (await ask(api, own.write, "PATCH", path, {"title": None})).json()["title"] is None


async def test_it_lists_responses_by_every_filter(api: Api, tenants: list[Tenant]) -> None:
    own = tenants[0]
    every = (await got(api, own, "/responses"))["items"]
    assert [item["type"] for item in every] == ["message", "updown", "updown", "updown"]
    assert every[0]["message"] == "A word of mine"
    assert every[0]["context"] == {"$user": "ada@example.com"}
    assert every[0]["state"] == "active"
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    for query, count in (
        (f"widget={own.votes}", 3), (f"placement={own.placement}", 2), ("type=message", 1), ("type=rating", 0),
        ("option=-1", 1),
        (f"from={tomorrow}", 0), (f"to={tomorrow}", 4), ("text=WORD", 1), ("text=ada%40", 1), ("text=nothing", 0),
        ("state=test", 0), ("state=all", 4), ("state=spam", 0),
    ):  # fmt: skip
        assert len((await got(api, own, "/responses", query))["items"]) == count, query
    await api.pool.execute(
        "insert into message_state (account_id, response_id, project_id, widget_id, folder, moved_at)"
        " select $1, id, $2, widget_id, 'spam', now() from response where body is not null and account_id = $1"
        " and widget_id = $3::text::uuid"
        " on conflict (account_id, response_id) do update set folder = excluded.folder, moved_at = excluded.moved_at",
        own.project.account_id, own.project.id, own.notes,
    )  # fmt: skip
    assert len((await got(api, own, "/responses", "state=spam"))["items"]) == 1
    assert len((await got(api, own, "/responses"))["items"]) == 3


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Auckland", "Pacific/Pago_Pago"])
async def test_the_trend_ends_on_the_project_s_today(api: Api, tenants: list[Tenant], zone: str) -> None:
    own = tenants[0]
    await api.pool.execute("update project set time_zone = $1 where id = $2::text::uuid", zone, str(own.project.id))
    before = datetime.now(ZoneInfo(zone)).date()
    trend = (await got(api, own, "/trend"))["items"]
    assert trend[-1]["day"] in {str(before), str(datetime.now(ZoneInfo(zone)).date())}
    assert len(trend) == 30


async def test_it_pages_in_a_stable_order(api: Api, tenants: list[Tenant]) -> None:
    own = tenants[0]
    for n in range(20):
        await api.stored(own.votes, "+1", f"/page/{n}")
    for path, seen_by in (("/responses", "id"), ("/pages", "id"), ("/placements", "id")):
        whole = [item[seen_by] for item in (await got(api, own, path, "limit=1000"))["items"]]
        assert len(whole) == len(set(whole)) >= 22
        pages: list[str] = []
        query = "limit=7"
        while True:
            page = await got(api, own, path, query)
            pages += [item[seen_by] for item in page["items"]]
            if page["next"] is None:
                break
            if len(pages) == 7:  # later responses do not shift the pages
                await api.stored(own.votes, "+1", "/0", visitor="somebody-new")
            query = f"limit=7&cursor={page['next']}"
        assert pages == whole


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=1001",
        "limit=x",
        "cursor=x",
        "widget=1",
        "type=x",
        "state=x",
        "from=x",
        "what=1",
        "widget=%00",
        "to=0001-01-01",
    ],
)
async def test_it_refuses_a_query_that_is_none(api: Api, tenants: list[Tenant], query: str) -> None:
    answer = await ask(api, tenants[0].read, "GET", tenants[0].filled(f"{OF}/responses"), query=query)
    assert answer.status == 422


async def test_it_tells_what_is_counted(api: Api, tenants: list[Tenant]) -> None:
    own = tenants[0]
    # An hour later, when this one is full.
    for sql in ("call fn.refresh_stats(now() + interval '62 minutes')", "select fn.refresh_leaders()"):
        await api.pool.execute(sql)
    windows = (await got(api, own, "/windows"))["items"]
    assert [window["days"] for window in windows] == [1, 7, 30, 90, 365]
    assert {window["total"] for window in windows} == {4}
    of_set = (await got(api, own, "/widgets/{widget}/windows"))["items"]
    assert of_set[1]["counts"] == {"+1": 2, "-1": 1}
    assert [window["total"] for window in of_set] == [3] * 5
    assert [window["total"] for window in (await got(api, own, "/placements/{placement}/windows"))["items"]] == [2] * 5
    trend = (await got(api, own, "/trend"))["items"]
    assert len(trend) == 30
    assert trend[-1]["responses"] == 4
    assert (await got(api, own, "/trend", f"widget={own.votes}"))["items"][-1]["responses"] == 3
    leaders = await got(api, own, "/leaders", "days=7")
    assert [leader["total"] for leader in leaders["most"]] == [2, 1, 1]
    placements = (await got(api, own, "/placements", f"widget={own.votes}"))["items"]
    assert [placement["counts"] for placement in placements] == [{"+1": 1, "-1": 1}, {"+1": 1, "-1": 0}]
    assert (await got(api, own, "/pages", "text=/0&archived=false"))["items"][0]["key"] == "/0"
    assert (await got(api, own, "/placements", "text=/0"))["items"][0]["page"] == "/0"
    await api.pool.execute("call fn.run_by_account('{roll windows}', now() + interval '40 days')")
    await api.pool.execute("call fn.run_by_account('{close periods}', now() + interval '40 days')")
    periods = (await got(api, own, "/widgets/{widget}/periods", "unit=month"))["items"]
    assert periods[0]["total"] == 3
    assert periods[0]["counts"] == {"+1": 2, "-1": 1}
    assert (await got(api, own, "/periods", "unit=week"))["items"][0]["total"] == 4
    for query in ("from=2026-01-02&to=2026-01-01", "from=1990-01-01", "to=x"):
        assert (await ask(api, own.read, "GET", own.filled(f"{OF}/trend"), query=query)).status == 422


async def test_windows_and_periods_have_reasons_when_asked(api: Api, tenants: list[Tenant]) -> None:
    own = tenants[0]
    await api.pool.execute(
        "select fn.update_follow_ups(w.account_id, w.project_id, w.id, $2::text::jsonb) from widget as w where id = $1",
        own.votes, '[{"option": "-1", "question": "Why?", "reasons": [{"value": "unclear"}, {"value": "other"}]}]',
    )  # fmt: skip
    grown = """
        select fn.grow_response(f.account_id, f.id, '{reasons}', null, null, null, '{unclear}', null)
        from response as f where widget_id = $1 and option_no = 2
    """
    assert [row[0] for row in await api.pool.fetch(grown, own.votes)] == [True]
    await api.pool.execute("call fn.refresh_stats(now() + interval '62 minutes')")
    share = {"count": 1, "share": 1.0, "shareBefore": None, "isChange": False}
    for path in ("/widgets/{widget}/windows", "/placements/{placement}/windows"):
        assert "reasons" not in (await got(api, own, path))["items"][0]
        for window in (await got(api, own, path, "reasons=1"))["items"]:
            (group,) = window["reasons"]
            assert (group["option"], group["responses"]) == ("-1", 1)
            first, second = group["reasons"]
            assert first.pop("shareInterval")[1] == 1
            assert first == {"reason": "unclear", **share}
            assert (second["reason"], second["count"], second["share"]) == ("other", 0, 0)
    await api.pool.execute("call fn.run_by_account('{roll windows}', now() + interval '40 days')")
    await api.pool.execute("call fn.run_by_account('{close periods}', now() + interval '40 days')")
    (period, *_) = (await got(api, own, "/widgets/{widget}/periods", "unit=month&reasons=1"))["items"]
    assert [(each["reason"], each["count"]) for each in period["reasons"][0]["reasons"]] == [
        ("unclear", 1),
        ("other", 0),
    ]
    for path, query in (
        ("/windows", "reasons=1"),
        ("/periods", "reasons=1"),
        ("/widgets/{widget}/windows", "reasons=2"),
    ):
        assert (await ask(api, own.read, "GET", own.filled(f"{OF}{path}"), query=query)).status == 422
    (response,) = (await got(api, own, "/responses", "reason=unclear"))["items"]
    assert response["reasons"] == ["unclear"]
    assert (await got(api, own, "/responses", "reason=none"))["items"] == []


async def test_it_tells_who_and_what_was_refused(api: Api, tenants: list[Tenant]) -> None:
    own = tenants[0]
    members = (await got(api, own, "/members", key=own.write))["items"]
    assert [member["role"] for member in members] == ["owner"]
    assert {key["scope"] for key in (await got(api, own, "/api-keys", key=own.write))["items"]} == {*own.keys}
    await api.create(own.votes, "wrong", headers={"origin": "https://example.com"})
    await ingest_of(api).refusals.flush()
    rows = (await got(api, own, "/refusals"))["items"]
    assert [(row["reason"], row["origin"], row["count"]) for row in rows] == [("value", "https://example.com", 1)]
    await api.pool.execute(
        "insert into recap_recipient (account_id, id, project_id, email, weekly, monthly, requested_at, token_hash)"
        " values ($1, gen_random_uuid(), $2, 'x@example.com', true, false, now(), sha256('x'))",
        own.project.account_id, own.project.id,
    )  # fmt: skip
    assert (await got(api, own, "/recap-recipients", key=own.write))["items"][0]["state"] == "asked"


async def test_it_sends_its_limit_and_holds_to_it(api: Api, tenants: list[Tenant]) -> None:
    own = tenants[0]
    await stopped_clock.stop(api.pool, "key_actor")

    async def headers(status: int = 200) -> list[int]:
        answer = await ask(api, own.read, "GET", "/v1/projects")
        assert answer.status == status
        return [int(answer.headers[f"ratelimit-{name}"]) for name in ("limit", "remaining", "reset")]

    assert [await headers() for _ in range(2)] == [[600, 599, 1], [600, 598, 1]]
    await api.pool.execute("update attempt set free_at = free_at + 597 * interval '0.1 seconds'")
    assert await headers() == [600, 0, 60]
    over = await ask(api, own.read, "GET", "/v1/projects")
    assert (over.status, over.json()["error"]) == (429, "too_many_requests")
    assert (over.headers["ratelimit-remaining"], over.headers["retry-after"]) == ("0", "1")
    assert (await ask(api, own.write, "GET", "/v1/projects")).status == 200  # each key has its own limit


async def test_it_lets_nobody_guess_for_long(api: Api, tenants: list[Tenant]) -> None:
    statuses = [(await ask(api, f"fbk_read_{n}", "GET", "/v1/projects")).status for n in range(62)]
    assert statuses == [401] * 60 + [429] * 2
    assert (
        await ask(api, tenants[0].read, "GET", "/v1/projects")
    ).status == 200  # a valid key does not count as a guess


async def test_it_takes_json_and_nothing_else(api: Api, tenants: list[Tenant]) -> None:
    own = tenants[0]
    bearer = {"authorization": f"Bearer {own.write}"}
    for body, headers, status in (
        (b"{", {}, 400), (b'{"name": "a\\u0000"}', {}, 400), (b'{"name": "\\ud800"}', {}, 400), (b"[" * 5000, {}, 400),
        (b"name=a", {"content-type": "application/x-www-form-urlencoded"}, 415), (b"1", {}, 422),
        (b'{"name": "' + b"a" * 70_000 + b'"}', {}, 413),
    ):  # fmt: skip
        answer = await api.send("PATCH", own.filled(OF), body, {**bearer, **headers})
        assert (answer.status, set(answer.json())) == (status, {"error", "message", "data"}), body[:20]
    nowhere = await ask(api, own.write, "GET", "/v1/projects/nothing")
    assert (nowhere.status, nowhere.json()["error"]) == (404, "not_found")


async def test_it_speaks_the_original_s_calls(api: Api, tenants: list[Tenant]) -> None:
    own, beside, _ = tenants
    key = {"API-KEY": own.write}
    listed = (await api.post("/v0/projects/list", [], key)).json()
    assert [project["id"] for project in listed] == [str(own.project.id)]
    assert listed[0]["contentSets"][0]["values"] == ["+1", "-1"]
    for argument in ([str(own.project.id)], [{"projectId": str(own.project.id)}], {"projectId": str(own.project.id)}):
        assert (await api.post("/v0/projects/get", argument, key)).json() == listed[0]
    query = f'$p=["{own.project.id}"]'.encode()
    assert (await api.send("GET", "/v0/projects/get", headers=key, query=query)).json() == listed[0]
    saved = await api.post("/v0/projects/save", [{"projectId": str(own.project.id), "name": "New"}], key)
    assert saved.json()["name"] == "New"
    items = (await api.post("/v0/feelbacks/list", [{"projectId": str(own.project.id), "state": "active"}], key)).json()
    assert [item["value"] for item in items] == ["A word of mine", "-1", "+1", "+1"]
    page = [{"projectId": str(own.project.id), "limit": 1, "before": items[0]["feelbackId"]}]
    assert (await api.post("/v0/feelbacks/list", page, key)).json() == items[1:2]
    for path, argument, body, status in (
        ("projects/get", [str(beside.project.id)], key, 404),
        ("projects/save", [{"projectId": str(own.project.id), "name": ""}], key, 422),
        ("projects/save", [{"name": "x"}], {"API-KEY": own.read}, 403),
        ("projects/list", [], {}, 401),
        ("feelbacks/list", [1, 2], key, 400),
        ("feelbacks/list", [{"state": "none"}], key, 422),
    ):
        answer = await api.post(f"/v0/{path}", argument, body)
        assert (answer.status, set(answer.json())) == (status, {"error", "message", "data"}), path


@at_once
async def test_it_merges_pages_and_undoes_it(api: Api, tenants: list[Tenant]) -> None:
    own = tenants[0]
    source, target = [page["id"] for page in (await got(api, own, "/pages"))["items"]]
    path = own.filled(f"{OF}/pages/{source}")
    merge = await ask(api, own.write, "POST", f"{path}/merge", {"into": target})
    assert merge.status == 200, merge.body
    body = merge.json()
    assert (body["source"], body["target"], body["state"], body["canUndo"]) == (source, target, "merged", True)
    assert [page["id"] for page in (await got(api, own, "/pages"))["items"]] == [target]
    assert (await got(api, own, f"/pages/{target}/merges"))["items"] == [body]
    again = await ask(api, own.write, "POST", f"{path}/merge", {"into": target})
    assert again.status == 409
    assert "merged into another" in again.json()["message"]
    for wrong in ({}, {"into": "x"}, {"into": target, "more": 1}):
        assert (await ask(api, own.write, "POST", f"{path}/merge", wrong)).status == 422
    undone = await ask(api, own.write, "POST", f"{path}/unmerge")
    assert undone.json()["state"] == "undone"
    assert len((await got(api, own, "/pages"))["items"]) == 2
    other = tenants[2]
    assert (
        await ask(api, other.write, "POST", other.filled(f"{OF}/pages/{source}/merge"), {"into": target})
    ).status == 404


async def test_it_creates_lists_and_deletes_releases(api: Api, tenants: list[Tenant]) -> None:
    own, other = tenants[0], tenants[2]
    path = own.filled(f"{OF}/releases")
    new = {
        "name": "v2.1",
        "time": "2026-06-10T15:00:00+02:00",
        "link": "https://a.example/v2",
        "pages": ["/docs/*", "/"],
    }
    created = await ask(api, own.write, "POST", path, new)
    assert created.status == 201, created.body
    release = created.json()
    assert release | new | {"time": "2026-06-10T13:00:00Z"} == release
    # A pipeline that tries again creates no second one.
    assert (await ask(api, own.write, "POST", path, new)).json() == release
    least = (await ask(api, own.write, "POST", path, {"name": "now"})).json()
    assert (least["pages"], least["link"], least["time"]) == (["*"], None, least["createdAt"])
    rows = (await got(api, own, "/releases"))["items"]
    assert [row["name"] for row in rows] == ["now", "v1", "v2.1"]
    first = await got(api, own, "/releases", "limit=1")
    assert first == {"items": rows[:1], "next": rows[0]["id"]}
    assert (await got(api, own, "/releases", f"limit=5&cursor={first['next']}"))["items"] == rows[1:]
    assert await got(api, own, f"/releases/{release['id']}") == release
    for wrong, word in (
        ({}, "name"), ({"name": ""}, "name"), ({"name": "x" * 101}, "name"), ({"name": "a", "more": 1}, "more"),
        ({"name": "a", "time": "yesterday"}, "time"), ({"name": "a", "time": "2026-06-10T15:00:00"}, "time"),
        ({"name": "a", "time": "1999-06-10T15:00:00Z"}, "2000"), ({"name": "a", "pages": []}, "pages"),
        ({"name": "a", "time": "0001-01-01T00:00:00+10:00"}, "2000"),
        ({"name": "a", "time": "9999-12-31T23:59:59-10:00"}, "2000"),
        ({"name": "a", "time": "1803-10-16T22:19:36.5-20:25"}, "2000"),
        ({"name": "a", "pages": ["x"] * 21}, "pages"), ({"name": "a", "pages": [""]}, "pages"),
        ({"name": "a", "pages": "*"}, "pages"), ({"name": "a", "link": "javascript:alert(1)"}, "link"),
        ({"name": "a\nb"}, "one line"),
    ):  # fmt: skip
        refused = await ask(api, own.write, "POST", path, wrong)
        assert (refused.status, word in refused.json()["message"]) == (422, True), refused.body
    assert (await ask(api, own.read, "POST", path, new)).status == 403
    at = f"{path}/{release['id']}"
    for key in (other.write, tenants[1].write):
        assert (await ask(api, key, "GET", at)).status == 404
        assert (await ask(api, key, "DELETE", at)).status == 404
    assert (await ask(api, own.write, "DELETE", at)).status == 204
    assert (await ask(api, own.write, "DELETE", at)).status == 404
    assert [row["name"] for row in (await got(api, own, "/releases"))["items"]] == ["now", "v1"]
