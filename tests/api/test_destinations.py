"""Destinations on `/v1`: settings, secrets, test events and deliveries."""

import pytest

from app.webhooks import signature
from tests.support.api_tenants import Tenant, ask
from tests.support.serving import Api
from tests.support.settings import SECRET

AT = "/v1/projects/{project}/destinations"
NEW = {"name": "Desk", "type": "webhook", "url": "https://a.example/hook", "events": ["message.created"]}


async def test_it_creates_changes_and_deletes_a_webhook(api: Api, tenants: list[Tenant]) -> None:
    own, other = tenants[0], tenants[2]
    path = own.filled(AT)
    created = await ask(api, own.write, "POST", path, {**NEW, "pages": ["/docs/*"], "widgets": [own.votes]})
    assert created.status == 201, created.body
    row = created.json()
    assert row["secret"].startswith("whsec_")
    assert (row["pace"], row["hour"], row["pages"], row["widgets"]) == ("each", 9, ["/docs/*"], [str(own.votes)])
    at = f"{path}/{row['id']}"
    stored = await api.pool.fetchrow("select id, secret from destination where name = 'Desk'")
    assert stored is not None
    opened = signature.opened_secrets([SECRET], stored["id"], [stored["secret"]])
    assert [signature.shown_secret(secret) for secret in opened] == [row["secret"]]
    changes = {"pace": "daily", "hour": 7, "enabled": False, "pages": [], "languages": ["de"]}
    changed = await ask(api, own.write, "PATCH", at, changes)
    assert changed.status == 200, changed.body
    assert "secret" not in changed.json()
    assert {key: changed.json()[key] for key in (*changes, "name")} == {**changes, "name": "Desk"}
    assert (await ask(api, own.write, "PATCH", at, {"languages": ["German"]})).status == 422
    assert (await ask(api, own.write, "POST", f"{at}/test")).status == 409
    assert (await ask(api, own.write, "PATCH", at, {"enabled": True})).json()["enabled"]
    replaced = (await ask(api, own.write, "POST", f"{at}/secret")).json()
    assert replaced["secret"] not in ("", row["secret"])
    assert replaced["previousUntil"]
    assert len((await ask(api, own.write, "GET", path)).json()["items"]) == 2
    for key in (other.write, tenants[1].write):
        for method, place in (
            ("GET", at),
            ("PATCH", at),
            ("DELETE", at),
            ("POST", f"{at}/secret"),
            ("POST", f"{at}/test"),
        ):
            body = {"name": "Mine"} if method == "PATCH" else None
            assert (await ask(api, key, method, place, body)).status == 404, (method, place)
    assert (await ask(api, own.write, "DELETE", at)).status == 204
    assert (await ask(api, own.write, "GET", at)).status == 404
    actions = await api.pool.fetch("select what from audit where what ~ 'destination' and about = 'Desk' order by id")
    assert [each[0] for each in actions] == [
        "destination.created", "destination.updated", "destination.updated", "destination.secret_updated",
        "destination.deleted",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "since",
    ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "1970-01-01T00:00:00Z", "1803-10-16T22:19:36.5-20:25"],
)
async def test_a_replay_since_another_time_than_of_the_last_days_is_refused(
    api: Api, tenants: list[Tenant], since: str
) -> None:
    own = tenants[0]
    path = own.filled(AT)
    id = (await ask(api, own.write, "POST", path, NEW)).json()["id"]
    refused = await ask(api, own.write, "POST", f"{path}/{id}/replay", {"since": since})
    assert (refused.status, "last 30 days" in str(refused.body)) == (422, True)


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"name": ""}, "name"), ({"url": "http://a.example/"}, "https://"), ({"url": "https://127.0.0.1/"}, "private"),
        ({"url": "https://me:word@a.example/"}, "password"), ({"events": []}, "events"), ({"events": ["x"]}, "events"),
        ({"type": "pigeon"}, "type"), ({"pace": "never"}, "pace"), ({"hour": 24}, "hour"), ({"hour": 10**9}, "hour"),
        ({"pages": [""]}, "pages"), ({"widgets": ["019a7d2e-6f00-7c3a-9b51-0a2b3c4d5e6f"]}, "widgets"),
        ({"more": 1}, "more"), ({"type": "email", "recipient": "stranger@a.example"}, "member"),
        ({"type": "email"}, "member"), ({"name": "a\nb"}, "one line"),
    ],
)  # fmt: skip
async def test_what_is_not_valid_is_refused_whole(
    api: Api, tenants: list[Tenant], change: dict[str, object], word: str
) -> None:
    own = tenants[0]
    refused = await ask(api, own.write, "POST", own.filled(AT), {**NEW, **change})
    assert (refused.status, word in refused.json()["message"]) == (422, True), refused.body
    assert await api.pool.fetchval("select count(*) from destination") == 3


async def test_a_test_event_is_a_delivery_that_can_be_sent_again(api: Api, tenants: list[Tenant]) -> None:
    own = tenants[0]
    at = own.filled(AT + "/{destination}")
    sent = await ask(api, own.write, "POST", f"{at}/test")
    assert sent.status == 202, sent.body
    delivery = sent.json()
    assert (delivery["state"], delivery["types"], delivery["request"]["type"]) == ("waiting", ["test"], "test")
    rows = (await ask(api, own.write, "GET", f"{at}/deliveries", query="limit=1")).json()
    assert (rows["items"][0]["id"], rows["next"]) == (delivery["id"], delivery["id"])
    await api.pool.execute("update delivery set done_at = now(), outcome = 'failed', problem = 'dns'")
    read = (await ask(api, own.write, "GET", f"{at}/deliveries/{delivery['id']}")).json()
    assert (read["state"], read["problem"]) == ("failed", "The host name could not be resolved.")
    again = await ask(api, own.write, "POST", f"{at}/deliveries/{delivery['id']}/resend")
    assert (again.status, again.json()["state"]) == (202, "waiting")
    other = tenants[2]
    assert (await ask(api, other.write, "GET", f"{at}/deliveries/{delivery['id']}")).status == 404
    for _ in range(8):
        assert (await ask(api, own.write, "POST", f"{at}/test")).status == 202
    assert (await ask(api, own.write, "POST", f"{at}/test")).status == 429


async def test_the_url_of_apprise_is_not_shown_again(api: Api, tenants: list[Tenant]) -> None:
    own = tenants[0]
    path = own.filled(AT)
    new = {**NEW, "type": "apprise", "url": "ntfy://tk_private@ntfy.example/topic"}
    created = await ask(api, own.write, "POST", path, new)
    assert (created.status, created.json()["url"], created.json()["secret"]) == (201, None, None)
    at = f"{path}/{created.json()['id']}"
    changed = await ask(api, own.write, "PATCH", at, {"url": "ntfy://tk_other@ntfy.example/topic"})
    assert (changed.status, changed.json()["url"]) == (200, None)
    assert (await ask(api, own.write, "PATCH", at, {"url": "syslog://"})).status == 422
    assert (await ask(api, own.write, "POST", f"{at}/secret")).status == 422
    stored = await api.pool.fetchrow("select id, secret from destination where type = 'apprise'")
    assert stored is not None
    assert signature.opened_secrets([SECRET], stored["id"], [stored["secret"]]) == [
        b"ntfy://tk_other@ntfy.example/topic"
    ]
    assert "tk_" not in str((await ask(api, own.write, "GET", path)).body)
