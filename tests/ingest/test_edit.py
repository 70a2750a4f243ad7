import asyncio
import json
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.support import factories
from tests.support.serving import PAGE, Api

NEVER, FOREVER = timedelta(0), None
MOMENT = timedelta(milliseconds=150)


@pytest.mark.parametrize(
    ("type", "before", "after"),
    [
        ("pulse", "+", "+"), ("updown", "+1", -1), ("yesno", True, "n"), ("reaction", "happy", "sad"), ("rating", 1,
        5), ("nps", 0, 10),
        ("message", "one", "two"), ("tagged", {"tag": "idea", "message": "one"}, {"tag": "error"}), ("form",
        {"a": "one"}, {"a": "two"}),
    ],
)  # fmt: skip
async def test_it_moves_the_count_and_keeps_the_context(api: Api, type: str, before: Any, after: Any) -> None:
    widget = await factories.widget(api.pool, type, fields=[{"name": "a"}] if type == "form" else None)
    response = await api.stored(widget.id, before, context={"title": "A"})
    for _ in range(2):  # again, it changes nothing
        answer = await api.patch(response, after)
        assert answer.status == 200
        assert answer.json()["id"] == response["id"]
        assert answer.json()["outcome"] == "edited"
    row = await api.pool.fetchrow("select * from response")
    assert row is not None
    assert json.loads(row["context"]) == {"title": "A"}
    assert (row["edited_at"] is None) == (type == "pulse")
    assert (await api.stats(widget.id))[0]["total"] == 1
    if type == "tagged":
        assert await api.counts(widget.id) == [0, 1, 0]
        assert row["body"] is None


async def test_it_gives_a_fresh_token_that_keeps_it_editable(api: Api) -> None:
    votes = await factories.widget(api.pool, "updown", window=timedelta(milliseconds=700))
    response = await api.stored(votes.id, "+1")
    for value in ("-1", "+1", "-1"):
        await asyncio.sleep(0.3)
        answer = await api.patch(response, value)
        assert answer.status == 200, answer.body
        response = answer.json()
    assert await api.counts(votes.id) == [0, 1]


async def test_it_speaks_to_the_published_sdk(api: Api) -> None:
    votes = await factories.widget(api.pool, "yesno")
    argument = {"contentSetId": votes.id, "key": PAGE, "value": "y", "revokable": True, "context": {"a": 1}}
    result = (await api.v0("create", argument)).json()
    revoke = {"feelbackId": result["feelbackId"], "revokeToken": result["revokable"]["token"]}
    for _ in range(2):
        answer = await api.v0("edit", {**revoke, "value": "n"})
        assert answer.status == 200
        assert answer.json()["feelbackId"] == result["feelbackId"]
        assert set(answer.json()["revokable"]) == {"token", "expireAt"}
    assert await api.counts(votes.id) == [0, 1]
    for _ in range(2):
        answer = await api.v0("remove", revoke)
        assert (answer.status, answer.body) == (204, b"")
    assert await api.counts(votes.id) == [0, 0]
    assert (await api.v0("edit", {**revoke, "value": "n"})).status == 404


async def test_it_closes_after_an_hour_by_default(api: Api) -> None:
    likes = await factories.widget(api.pool)
    response = await api.stored(likes.id, "+")
    left = datetime.fromisoformat(response["revokable"]["expireAt"]) - datetime.now(UTC)
    assert timedelta(minutes=59) < left <= timedelta(hours=1)


async def test_it_tells_when_a_window_closed(api: Api) -> None:
    votes = await factories.widget(api.pool, "yesno", window=MOMENT)
    response = await api.stored(votes.id, "y")
    await asyncio.sleep(0.2)
    revoke = {"feelbackId": response["id"], "revokeToken": response["revokable"]["token"]}
    answers = [
        await api.patch(response, "n"), await api.delete(response), await api.v0("edit", {**revoke, "value": "n"}),
        await api.v0("remove", revoke),
    ]  # fmt: skip
    for answer in answers:
        assert answer.status == 403
        assert answer.json()["error"] == "forbidden"
        assert answer.json()["data"]["closedAt"] == response["revokable"]["expireAt"]
    assert await api.counts(votes.id) == [1, 0]


async def test_it_never_opens_a_window_of_zero(api: Api) -> None:
    votes = await factories.widget(api.pool, "yesno", window=NEVER)
    assert "revokable" not in await api.stored(votes.id, "y")
    argument = {"contentSetId": votes.id, "key": PAGE, "value": "y", "revokable": True}
    assert set((await api.v0("create", argument)).json()) == {"feelbackId"}


async def test_it_never_closes_a_window_without_an_end(api: Api) -> None:
    votes = await factories.widget(api.pool, "yesno", window=FOREVER)
    response = await api.stored(votes.id, "y")
    assert datetime.fromisoformat(response["revokable"]["expireAt"]).year == 9999
    assert (await api.patch(response, "n")).status == 200
    assert (await api.delete(response)).status == 204


async def test_it_refuses_every_other_token(api: Api) -> None:
    votes = await factories.widget(api.pool, "yesno")
    response, other = await api.stored(votes.id, "y"), await api.stored(votes.id, "y")
    token = response["revokable"]["token"]
    claim = token[:30]
    flipped = [token[:n] + ("A" if token[n] != "A" else "B") + token[n + 1 :] for n in range(len(token) - 1)]
    for bad in [
        "", "x", other["revokable"]["token"], token[:-1], token + "A", token + "=", " " + token, token[::-1], claim,
        "é" * 51, "\xff", "A" * 5000, *flipped,
    ]:  # fmt: skip
        assert (await api.patch({"id": response["id"], "revokable": {"token": bad}}, "n")).status == 403, bad
        assert (await api.delete({"id": response["id"], "revokable": {"token": bad}})).status == 403
    for bad in (None, 7, [], {}, ["a"], True, "\u2603"):
        assert (await api.v0("edit", {"feelbackId": response["id"], "revokeToken": bad, "value": "n"})).status == 403
        assert (await api.v0("remove", {"feelbackId": response["id"], "revokeToken": bad})).status == 403
    assert await api.counts(votes.id) == [2, 0]


async def test_it_takes_the_token_in_the_body_too_and_misses_it(api: Api) -> None:
    votes = await factories.widget(api.pool, "yesno")
    response = await api.stored(votes.id, "y")
    body = {"token": response["revokable"]["token"], "value": "n"}
    path = f"/v1/responses/{response['id']}"
    assert (await api.send("PATCH", path, json.dumps(body).encode())).status == 200
    assert (await api.send("PATCH", path, b'{"value":"n"}')).status == 422
    assert (await api.send("PATCH", path, json.dumps({"token": body["token"]}).encode())).status == 422
    assert (await api.send("DELETE", path)).status == 422
    assert (await api.send("DELETE", path, json.dumps({"token": body["token"]}).encode())).status == 204


async def test_it_refuses_a_value_that_the_widget_does_not_offer(api: Api) -> None:
    votes = await factories.widget(api.pool, "yesno")
    response = await api.stored(votes.id, "y")
    for bad in ("maybe", 7, None, {}, ""):
        assert (await api.patch(response, bad)).status == 422
    assert await api.counts(votes.id) == [1, 0]


async def test_it_knows_no_response_that_is_not_there(api: Api) -> None:
    votes = await factories.widget(api.pool, "yesno")
    response = await api.stored(votes.id, "y")
    for id in ("", "none", "x" * 100):
        assert (await api.patch({**response, "id": id}, "n")).status == 404
    assert (await api.patch({**response, "id": str(uuid.uuid4())}, "n")).status == 403
    assert (await api.delete(response)).status == 204
    assert (await api.patch(response, "n")).status == 404


async def test_it_edits_the_response_that_a_second_one_was_deduplicated_into(api: Api) -> None:
    votes = await factories.widget(api.pool, "updown")
    first = await api.stored(votes.id, "+1", visitor="somebody")
    again = await api.stored(votes.id, "-1", visitor="somebody")
    assert (await api.patch(first, "+1")).status == 200
    assert (await api.patch(again, "-1")).status == 200
    assert await api.counts(votes.id) == [0, 1]
