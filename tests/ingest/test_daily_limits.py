"""How many new pages and messages a day a project takes from one network; and which pages it takes at all."""

from typing import Any

import pytest

from tests.support import factories
from tests.support.factories import Project
from tests.support.serving import Api, MakeApi, ingest_of

SITE = "https://example.com"


async def limited(api: Api, *, pages: int = 3, messages: int = 3, **more: Any) -> Project:
    """A project with small limits."""
    project = await factories.project(api.pool, **more)
    await api.pool.execute(
        "update project set network_pages = $2, network_messages = $3 where id = $1", project.id, pages, messages
    )
    return project


async def flood(api: Api, widget_id: str, addresses: list[str], count: int, value: Any = "+") -> list[int]:
    """Responses about so many made-up pages each, in one batch an address; their statuses."""
    statuses = []
    for address in addresses:
        items = [
            {"widget": widget_id, "page": f"{SITE}/{address}/{n}", "value": value, "visitor": f"visitor-{n}"}
            for n in range(count)
        ]
        answer = await api.post("/v1/responses", {"items": items}, {"origin": SITE}, address=address)
        statuses += [item["status"] for item in answer.json()["items"]]
    return statuses


async def test_a_network_creates_only_so_many_pages_a_day(api: Api) -> None:
    likes = await factories.widget(api.pool, of=await limited(api))
    addresses = [f"203.0.113.{n}" for n in (1, 77, 255)]
    assert await flood(api, likes.id, addresses, 4) == [201] * 3 + [429] * 9
    assert await api.pool.fetchval("select count(*) from page") == 3
    refused = await api.create(likes.id, "+", f"{SITE}/new", address="203.0.113.9", visitor="visitor-1")
    assert refused.status == 429
    assert refused.json()["message"].startswith("Too many new pages")
    assert 0 < int(refused.headers["retry-after"]) <= 86_400
    # Another network, and pages that are there.
    assert (await api.create(likes.id, "+", f"{SITE}/new", address="203.0.114.9")).status == 201
    assert (await api.create(likes.id, "+", f"{SITE}/new", address="203.0.113.9")).status == 201
    await ingest_of(api).refusals.flush()
    assert await api.pool.fetchval("select sum(count) from refusal where reason = 'network_pages'") == 10


async def test_a_page_that_is_sent_twice_at_once_is_one_new_page(api: Api) -> None:
    project = await limited(api, pages=2)
    likes = await factories.widget(api.pool, of=project)
    pages = [f"{SITE}/{name}" for name in "aabbccc"]
    items = [
        {"widget": likes.id, "page": page, "value": "+", "visitor": f"visitor-{n}"} for n, page in enumerate(pages)
    ]
    answer = await api.post("/v1/responses", {"items": items}, address="203.0.113.7")
    assert [item["status"] for item in answer.json()["items"]] == [201] * 4 + [429] * 3
    assert await api.pool.fetchval("select array_agg(key order by key) from page") == pages[1:4:2]


async def test_a_flood_of_ipv6_addresses_is_one_network(api: Api) -> None:
    likes = await factories.widget(api.pool, of=await limited(api))
    addresses = [f"2001:db8:0:1{n:02x}::1" for n in range(20)]
    assert (await flood(api, likes.id, addresses, 1)).count(201) == 3


async def test_messages_have_a_limit_of_their_own(api: Api) -> None:
    project = await limited(api, pages=100, messages=4)
    messages, form = (
        await factories.widget(api.pool, "message", of=project),
        await factories.widget(api.pool, "form", of=project, fields=[{"name": "name"}]),
    )
    likes = await factories.widget(api.pool, of=project)
    statuses = []
    for n in range(3):
        for widget, value in ((messages, f"said {n}"), (form, {"name": f"somebody {n}"})):
            answer = await api.create(widget.id, value, address=f"203.0.113.{n}", visitor=None)
            statuses.append(answer.status)
    assert statuses == [201] * 4 + [429] * 2
    assert answer.json()["message"].startswith("Too many messages")
    assert (await api.create(likes.id, "+", address="203.0.113.7")).status == 201
    assert (await api.create(messages.id, "said", address="198.51.100.7")).status == 201
    stored = await api.pool.fetchval("select count(*) from response where body is not null or fields is not null")
    assert stored == 5


async def test_a_batch_of_messages_is_cut_where_the_limit_is(api: Api) -> None:
    messages = await factories.widget(api.pool, "message", of=await limited(api, pages=100, messages=4))
    items = [{"widget": messages.id, "page": "k", "value": f"said {n}"} for n in range(20)]
    for accepted in (4, 0):
        answer = await api.post("/v1/responses", {"items": items}, address="203.0.113.7")
        assert [item["status"] for item in answer.json()["items"]].count(201) == accepted
        items = [{**item, "value": item["value"] + "!"} for item in items]


async def test_a_higher_limit_takes_effect_at_once(api: Api) -> None:
    project = await limited(api)
    likes = await factories.widget(api.pool, of=project)
    await flood(api, likes.id, ["203.0.113.1"], 50)
    await api.pool.execute("update project set network_pages = 5")
    assert (await flood(api, likes.id, ["203.0.113.2"], 5)).count(201) == 2


async def test_an_api_key_has_no_daily_limit_nor_has_a_server_without_limits(make_api: MakeApi) -> None:
    api = await make_api()
    likes = await factories.widget(api.pool, of=await limited(api))
    bearer = {"authorization": f"Bearer {await factories.api_key(api.pool, likes)}"}
    items = [{"widget": likes.id, "page": f"k{n}", "value": "+", "visitor": "somebody"} for n in range(9)]
    answer = await api.post("/v1/responses", {"items": items}, bearer)
    assert {item["status"] for item in answer.json()["items"]} == {201}
    free = await make_api(limits="off")
    assert set(await flood(free, likes.id, ["203.0.113.1"], 9)) == {201}
    assert await api.pool.fetchval("select count(*) from network_day") == 0


async def test_responses_to_archived_pages_take_nothing_of_it(api: Api) -> None:
    likes = await factories.widget(api.pool, of=await limited(api, pages=1))
    assert (await api.create(likes.id, "+", address="203.0.113.1")).status == 201
    await api.pool.execute("update page set archived_at = now(); update placement set archived_at = now()")
    await api.pool.execute("delete from network_day")
    for _ in range(3):
        assert (await api.create(likes.id, "+", address="203.0.113.1")).status == 403
    assert (await api.create(likes.id, "+", f"{SITE}/new", address="203.0.113.1")).status == 201


async def test_test_mode_has_the_limits_too(api: Api) -> None:
    project = await limited(api, pages=2, messages=1, test_mode=True)
    likes, messages = (
        await factories.widget(api.pool, of=project),
        await factories.widget(api.pool, "message", of=project),
    )
    statuses = [(await api.create(likes.id, "+", f"{SITE}/{n}", address="203.0.113.1")).status for n in range(3)]
    assert statuses == [201, 201, 429]
    statuses = [(await api.create(messages.id, f"{n}", f"{SITE}/0", address="203.0.114.1")).status for n in range(2)]
    assert statuses == [201, 429]


async def test_only_a_hash_of_the_network_is_stored_for_the_day(api: Api) -> None:
    likes = await factories.widget(api.pool, of=await limited(api))
    await api.create(likes.id, "+", address="203.0.113.7")
    row = await api.pool.fetchrow("select network, expires_at > now() + interval '1 day' as is_late from network_day")
    assert row is not None
    assert len(row["network"]) == 16
    assert bytes((203, 0, 113)) not in row["network"]
    assert not row["is_late"]
    await api.pool.execute("call fn.run_by_account('{delete old visits}', now() + interval '1 day')")
    assert await api.pool.fetchval("select count(*) from network_day") == 0


PAGES = {
    f"{SITE}/a": True,
    "https://www.example.com/a": True,
    "http://example.com/a": True,
    "https://docs.example.com/a": True,
    "https://other.example/a": True,  # another host of the site
    "/a": True,
    "https://bank.example/login": False,
    "https://example.com.evil.example/": False,
    "https://example.com@evil.example/": False,
    "//evil.example/": False,
    "/\\evil.example/": False,
    "javascript:alert(1)": False,
    "data:text/html,x": False,
    "https:evil.example": False,
    "product-17": False,
    "ftp://example.com/a": False,
}


@pytest.mark.parametrize(("page", "is_taken"), PAGES.items())
async def test_a_page_is_an_address_of_the_project_s_sites(api: Api, page: str, is_taken: bool) -> None:
    origins = ("https://www.example.com", "https://*.example.com")
    rules = {"aliases": {"other.example": "example.com"}}
    project = await factories.project(api.pool, origins=origins, free_keys=False, key_rules=rules)
    likes = await factories.widget(api.pool, of=project)
    answer = await api.create(likes.id, "+", page, headers={"origin": "https://www.example.com"})
    assert answer.status == (201 if is_taken else 422)
    assert is_taken or answer.json()["message"].startswith("The page must be an address or a path")
    await ingest_of(api).refusals.flush()
    assert await api.pool.fetchval("select sum(count) from refusal where reason = 'page'") == (None if is_taken else 1)


async def test_every_project_that_says_so_takes_any_page_key_and_so_does_an_api_key(api: Api) -> None:
    strict = await factories.widget(api.pool, of=await factories.project(api.pool, free_keys=False))
    free = await factories.widget(api.pool, of=await factories.project(api.pool))
    assert (await api.create(free.id, "+", "product-17")).status == 201
    assert (await api.create(strict.id, "+", "product-17")).status == 422
    assert (await api.create(strict.id, "+", "https://any.example/")).status == 201  # its sites are all
    call = {"contentSetId": strict.id, "value": "+"}
    assert (await api.v0("create", {**call, "key": "product-17"})).status == 422
    assert (await api.v0("create", {**call, "key": "/path"})).status == 200  # $path of the published SDKs
    bearer = {"authorization": f"Bearer {await factories.api_key(api.pool, strict)}"}
    assert (await api.create(strict.id, "+", "product-17", headers=bearer)).status == 201


async def test_new_projects_take_addresses_and_older_ones_what_they_took(api: Api) -> None:
    account_id = await factories.account(api.pool)
    await api.pool.execute("select fn.create_project($1, 'New', 'new')", account_id)
    assert await api.pool.fetchval("select free_keys from project where slug = 'new'") is False
    await api.pool.execute(
        "insert into project (account_id, id, slug, name) values ($1, gen_random_uuid(), 'old', 'Old')", account_id
    )
    assert await api.pool.fetchval("select free_keys from project where slug = 'old'") is True
