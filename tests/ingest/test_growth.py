"""A response grows step by step under its token: reasons, words, a contact."""

import asyncio
import json
from typing import Any
from uuid import UUID

import pytest

from app.database.tenant import TenantPool
from app.queries import follow_ups
from app.queries import inbox as queries
from app.queries.inbox import MessageFilter
from tests.support import factories
from tests.support.serving import PAGE, Api

REASONS = [{"value": "unclear", "label": "Hard to understand"}, {"value": "outdated"}, {"value": "other"}]
FOLLOW_UPS = [
    {"option": "n", "question": "What was missing?", "multiple": True, "message": True, "contact": True,
     "reasons": REASONS},
    {"option": "y", "question": "What helped?", "message": True, "reasons": [{"value": "clear"}, {"value": "other"}]},
]  # fmt: skip
OPTIONS = [{"value": "y"}, {"value": "n"}, {"value": "skip"}]


async def asking(api: Api, items: list[dict[str, Any]] | None = None) -> factories.Widget:
    """A widget whose options y and n have follow-ups, and whose option skip has none."""
    widget = await factories.widget(api.pool, "reaction", options=OPTIONS)
    tenant = TenantPool(api.pool, widget.account_id)
    await follow_ups.update_follow_ups(tenant, widget.project_id, db_id(widget), items or FOLLOW_UPS)
    return widget


def db_id(widget: factories.Widget) -> Any:
    """The id as the queries take it."""
    return widget.id


async def grow(api: Api, response: dict[str, Any], **parts: Any) -> Any:
    """Change parts of a response."""
    body = json.dumps({"token": response["revokable"]["token"], **parts}).encode()
    return await api.send("PATCH", f"/v1/responses/{response['id']}", body)


async def counts(api: Api, widget: factories.Widget) -> Any:
    """Mentions by option and reason."""
    answer = await api.send("GET", "/v1/stats", query=f"widget={widget.id}&page={PAGE}&reasons=1".encode())
    assert answer.status == 200, answer.body
    return answer.json()["items"][0]["reasons"]


async def stored(api: Api) -> dict[str, Any]:
    """The only response, as it is stored."""
    row = await api.pool.fetchrow("select option_no, reason_nos, body, contact, edited_at from response")
    return dict(row or {})


async def test_each_step_is_stored_by_itself_and_repeating_it_changes_nothing(api: Api) -> None:
    widget = await asking(api)
    response = await api.stored(widget.id, "n")
    steps: list[dict[str, Any]] = [
        {"reasons": ["outdated", "unclear"]}, {"message": "Which key?"}, {"contact": "ada@example.com"},
    ]  # fmt: skip
    for n, step in enumerate(steps):
        for _ in range(2):
            answer = await grow(api, response, **step)
            assert answer.status == 200, answer.body
            assert answer.json()["id"] == response["id"]
            row = await stored(api)
            assert row["reason_nos"] == [3, 4]
            assert row["body"] == ("Which key?" if n > 0 else None)
            assert row["contact"] == ("ada@example.com" if n > 1 else None)
            assert row["edited_at"] is None  # what is added is no edit
    assert await api.pool.fetchval("select count(*) from response_edit") == 0
    assert await counts(api, widget) == {
        "y": {"clear": 0, "other": 0}, "n": {"unclear": 1, "outdated": 1, "other": 0},
    }  # fmt: skip
    assert (await api.stats(widget.id))[0]["total"] == 1


async def test_what_is_absent_stays_and_null_clears(api: Api) -> None:
    widget = await asking(api)
    response = await api.stored(widget.id, "n")
    assert (await grow(api, response, reasons=["other"], message="Words", contact="a@b.example")).status == 200
    for part, column in (("reasons", "reason_nos"), ("message", "body"), ("contact", "contact")):
        before = await stored(api)
        assert (await grow(api, response, **{part: None})).status == 200
        after = await stored(api)
        assert after[column] is None
        same = [name for name in before if name not in (column, "edited_at")]
        assert [after[name] for name in same] == [before[name] for name in same]
    assert (await counts(api, widget))["n"]["other"] == 0


async def test_another_vote_drops_the_reasons_and_keeps_the_words(api: Api) -> None:
    widget = await asking(api)
    response = await api.stored(widget.id, "n", visitor="visitor-1")
    assert (await grow(api, response, reasons=["other", "unclear"], message="Words")).status == 200
    assert (await grow(api, response, value="n")).status == 200
    assert (await counts(api, widget))["n"] == {"unclear": 1, "outdated": 0, "other": 1}
    assert (await grow(api, response, value="y")).status == 200
    assert await counts(api, widget) == {
        "y": {"clear": 0, "other": 0}, "n": {"unclear": 0, "outdated": 0, "other": 0},
    }  # fmt: skip
    assert (await stored(api))["body"] == "Words"
    assert (await grow(api, response, value="n", reasons=["outdated"])).status == 200
    assert (await counts(api, widget))["n"]["outdated"] == 1
    edits = await api.pool.fetch("select reason_nos from response_edit order by edited_at")
    assert [row["reason_nos"] for row in edits] == [[3, 5], None]


async def test_the_same_vote_sent_again_keeps_what_grew_and_another_drops_the_reasons(api: Api) -> None:
    widget = await asking(api)
    response = await api.stored(widget.id, "n", visitor="visitor-1")
    await grow(api, response, reasons=["other"], message="Words")
    again = await api.stored(widget.id, "n", visitor="visitor-1")
    assert again["id"] == response["id"]
    row = await stored(api)
    assert (row["reason_nos"], row["body"], row["edited_at"]) == ([5], "Words", None)
    await api.stored(widget.id, "y", visitor="visitor-1")
    row = await stored(api)
    assert (row["reason_nos"], row["body"]) == (None, "Words")
    assert (await counts(api, widget))["n"]["other"] == 0


async def test_taking_it_back_drops_all(api: Api) -> None:
    widget = await asking(api)
    response = await api.stored(widget.id, "n")
    await grow(api, response, reasons=["unclear", "other"])
    assert (await api.delete(response)).status == 204
    assert (await counts(api, widget))["n"] == {"unclear": 0, "outdated": 0, "other": 0}
    assert (await grow(api, response, reasons=["unclear"])).status == 404


BAD: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("n", {"reasons": ["nonsense"]}, {"field": "reasons", "allowed": ["unclear", "outdated", "other"]}),
    ("n", {"reasons": ["clear"]}, {"field": "reasons", "allowed": ["unclear", "outdated", "other"]}),
    ("y", {"reasons": ["clear", "other"]}, {"field": "reasons", "limit": 1}),
    ("skip", {"reasons": ["other"]}, {"field": "reasons", "limit": 0}),
    ("n", {"value": "skip", "reasons": ["other"]}, {"field": "reasons", "limit": 0}),
    ("n", {"reasons": "other"}, {"field": "reasons", "limit": 20}),
    ("n", {"reasons": [7]}, {"field": "reasons", "limit": 20}),
    ("n", {"reasons": ["other"] * 21}, {"field": "reasons", "limit": 20}),
    ("n", {"message": "x" * 5001}, {"field": "message", "limit": 5000}),
    ("n", {"message": " "}, {"field": "message", "limit": 5000}),
    ("n", {"message": ["x"]}, {"field": "message", "limit": 5000}),
    ("skip", {"message": "x"}, {"field": "message", "limit": 0}),
    ("n", {"contact": "nobody"}, {"field": "contact", "limit": 254}),
    ("n", {"contact": "a" * 250 + "@b.example"}, {"field": "contact", "limit": 254}),
    ("n", {"contact": 7}, {"field": "contact", "limit": 254}),
    ("y", {"contact": "a@b.example"}, {"field": "contact", "limit": 0}),
    ("n", {"reason": ["other"]}, {"field": "reason"}),
]


@pytest.mark.parametrize(("option", "bad", "data"), BAD)
async def test_bad_input_names_field_and_limit_and_changes_nothing(
    api: Api, option: str, bad: dict[str, Any], data: dict[str, Any]
) -> None:
    widget = await asking(api)
    response = await api.stored(widget.id, option)
    if option == "n":
        assert (await grow(api, response, reasons=["outdated"], message="Words", contact="a@b.example")).status == 200
    before, counted = await stored(api), await counts(api, widget)
    # What is right beside it is not stored either.
    answer = await grow(api, response, **{"contact": None, "value": option, **bad})
    assert answer.status == 422
    assert answer.json()["data"] == data
    assert answer.json()["message"].lower().startswith(data["field"])
    assert (await stored(api), await counts(api, widget)) == (before, counted)


async def test_an_archived_reason_is_refused_keeps_its_count_and_comes_back(api: Api) -> None:
    widget = await asking(api)
    response = await api.stored(widget.id, "n")
    await grow(api, response, reasons=["outdated"])
    tenant = TenantPool(api.pool, widget.account_id)
    fewer = [{**FOLLOW_UPS[0], "reasons": REASONS[:1]}]
    await follow_ups.update_follow_ups(tenant, widget.project_id, db_id(widget), fewer)
    answer = await grow(api, response, reasons=["outdated"])
    assert (answer.status, answer.json()["data"]["allowed"]) == (422, ["unclear"])
    assert (await stored(api))["reason_nos"] == [4]
    assert (await counts(api, widget)) == {"n": {"unclear": 0}}
    await follow_ups.update_follow_ups(tenant, widget.project_id, db_id(widget), FOLLOW_UPS)
    assert (await counts(api, widget))["n"] == {"unclear": 0, "outdated": 1, "other": 0}


async def test_a_widget_describes_its_follow_ups(api: Api) -> None:
    widget = await asking(api)
    answer = await api.send("GET", f"/v1/widgets/{widget.id}")
    no = next(option for option in answer.json()["options"] if option["value"] == "n")
    assert no["followUp"] == {
        "question": "What was missing?", "multiple": True, "message": True, "contact": True,
        "reasons": [{"value": "unclear", "label": "Hard to understand"}, {"value": "outdated", "label": "outdated"},
                    {"value": "other", "label": "other"}],
    }  # fmt: skip
    assert "followUp" not in answer.json()["options"][2]


async def test_stats_count_reasons_only_when_asked(api: Api) -> None:
    widget = await asking(api)
    await grow(api, await api.stored(widget.id, "y"), reasons=["clear"])
    assert "reasons" not in (await api.stats(widget.id))[0]
    answer = await api.post("/v1/stats", {"widget": widget.id, "pages": [PAGE, "/none"], "reasons": True})
    assert [item["reasons"]["y"]["clear"] for item in answer.json()["items"]] == [1, 0]
    assert (await api.post("/v1/stats", {"widget": widget.id, "pages": [PAGE], "reasons": 1})).status == 422
    query = f"widget={widget.id}&page=/a&reasons=yes".encode()
    assert (await api.send("GET", "/v1/stats", query=query)).status == 422


async def test_a_message_that_is_added_counts_against_the_limit_of_the_day(api: Api) -> None:
    widget = await asking(api)
    await api.pool.execute("update project set network_messages = 1")
    first, second = await api.stored(widget.id, "n"), await api.stored(widget.id, "n")
    assert (await grow(api, first, message="One")).status == 200
    assert (await grow(api, first, message="Two")).status == 200  # it replaces one
    answer = await grow(api, second, reasons=["other"], message="Three")
    assert (answer.status, "retry-after" in answer.headers) == (429, True)
    assert (await counts(api, widget))["n"]["other"] == 0
    assert (await grow(api, second, reasons=["other"])).status == 200
    assert await api.pool.fetchval("select count from refusal where reason = 'network_messages'") in (None, 1)


async def test_responses_of_test_mode_have_reasons_that_no_tally_counts(api: Api) -> None:
    widget = await asking(api)
    await api.pool.execute("update project set test_mode = true")
    response = await api.stored(widget.id, "n")
    assert (await grow(api, response, reasons=["other"])).status == 200
    assert (await stored(api))["reason_nos"] == [5]
    assert (await counts(api, widget))["n"]["other"] == 0


async def test_a_message_widget_takes_its_words_with_its_value(api: Api) -> None:
    widget = await factories.widget(api.pool, "message")
    answer = await grow(api, await api.stored(widget.id, "Words"), message="Other")
    assert (answer.status, answer.json()["data"]) == (422, {"field": "message", "limit": 0})


async def test_steps_that_arrive_at_once_are_all_stored_and_counted_once(api: Api) -> None:
    widget = await asking(api)
    responses = [await api.stored(widget.id, "n") for _ in range(6)]
    steps: list[dict[str, Any]] = [
        {"reasons": ["other", "unclear"]}, {"message": "Words"}, {"contact": "ada@example.com"}, {"value": "n"},
    ]  # fmt: skip
    answers = await asyncio.gather(
        *(grow(api, response, **step) for step in steps * 2 for response in responses),
        *(api.post("/v1/responses", {"widget": widget.id, "page": PAGE, "value": "y"}) for _ in range(6)),
    )
    assert {answer.status for answer in answers} <= {200, 201}
    rows = await api.pool.fetch("select reason_nos, body, contact from response where option_no = 2")
    assert {tuple(map(str, row)) for row in rows} == {("[3, 5]", "Words", "ada@example.com")}
    assert (await counts(api, widget))["n"] == {"unclear": 6, "outdated": 0, "other": 6}
    answers = await asyncio.gather(
        *(grow(api, response, value="y", reasons=["clear"]) for response in responses),
        *(api.delete(response) for response in responses),
    )
    assert {answer.status for answer in answers} <= {200, 204, 404}
    assert (await counts(api, widget))["y"] == {"clear": 0, "other": 0}


async def test_the_answer_to_a_vote_has_the_follow_up_of_its_option(api: Api) -> None:
    widget = await asking(api)
    no = await api.stored(widget.id, "n", visitor="visitor-1")
    assert (no["followUp"]["question"], len(no["followUp"]["reasons"])) == ("What was missing?", 3)
    assert "option" not in no["followUp"]
    assert (await api.stored(widget.id, "n", visitor="visitor-1"))["followUp"] == no["followUp"]  # a duplicate
    assert (await grow(api, no, value="y")).json()["followUp"]["question"] == "What helped?"
    for answer in (await grow(api, no, reasons=["clear"]), await grow(api, no, value="skip")):
        assert "followUp" not in answer.json()
    assert "followUp" not in await api.stored(widget.id, "skip")
    assert "followUp" not in await api.stored(widget.id, "n", revokable=False)  # nothing could be added to it
    items = [{"widget": widget.id, "page": PAGE, "value": value} for value in ("n", "skip")]
    answers = (await api.post("/v1/responses", {"items": items})).json()["items"]
    assert ["followUp" in item for item in answers] == [True, False]


async def test_a_message_that_is_cleared_and_given_anew_counts_once(api: Api) -> None:
    widget = await asking(api)
    await api.pool.execute("update project set network_messages = 2")
    first, second, third = [await api.stored(widget.id, "n") for _ in range(3)]
    for message in ("One", None, "Anew", None, "And anew"):
        assert (await grow(api, first, message=message)).status == 200
    assert (await grow(api, second, message="Two")).status == 200
    assert (await grow(api, third, message="Three")).status == 429


async def inbox(api: Api, widget: factories.Widget, view: str = "inbox", search: str = "") -> list[Any]:
    """What an inbox shows: the words with the option and the reasons."""
    tenant = TenantPool(api.pool, widget.account_id)
    filter = MessageFilter(view=view, search=search)
    rows = await queries.inbox_messages(tenant, widget.project_id, filter, None, None, 10)
    assert len(rows) == await queries.message_count(tenant, widget.project_id, filter, None, None, 10)
    return [(row.body, row.label, [reason.label for reason in row.reasons]) for row in rows]


async def unread(api: Api, widget: factories.Widget) -> Any:
    """The number of unread messages."""
    return await api.pool.fetchval("select fn.unread_messages($1, $2)", widget.account_id, widget.project_id)


@pytest.mark.parametrize("is_old", [False, True], ids=["at once", "days later"])
async def test_a_message_of_a_follow_up_is_in_the_inbox_like_any_other(api: Api, is_old: bool) -> None:
    widget = await asking(api)
    response = await api.stored(widget.id, "n")
    if is_old:  # an id that is older than those that fn.gather_messages looks at
        await api.pool.execute("call fn.refresh_stats(now() + interval '3 days')")
        await api.pool.execute("call fn.run_by_account('{gather messages}', now() + interval '3 days')")
    assert await inbox(api, widget) == []
    assert (await grow(api, response, reasons=["outdated", "unclear"], message="Which key is meant?")).status == 200
    row = ("Which key is meant?", "n", ["Hard to understand", "outdated"])
    assert await inbox(api, widget) == await inbox(api, widget, "unread") == [row]
    assert await inbox(api, widget, search="which") == [row]
    assert await inbox(api, widget, search="nothing") == []
    assert await unread(api, widget) == 1
    await api.pool.execute("call fn.run_by_account('{gather messages}')")
    assert await unread(api, widget) == 1
    assert (await grow(api, response, message=None)).status == 200
    assert await inbox(api, widget) == await inbox(api, widget, "all") == []
    assert await unread(api, widget) == 0
    assert (await grow(api, response, message="Anew")).status == 200
    assert [body for body, *_ in await inbox(api, widget)] == ["Anew"]


async def test_a_message_in_spam_stays_there_when_it_is_cleared_and_given_anew(api: Api) -> None:
    widget = await asking(api)
    response = await api.stored(widget.id, "n")
    await grow(api, response, message="Buy")
    await queries.update_messages(
        TenantPool(api.pool, widget.account_id), widget.project_id, [UUID(response["id"])], "spam"
    )
    assert (await grow(api, response, message=None)).status == 200
    assert await inbox(api, widget, "spam") == []
    assert (await grow(api, response, message="Buy again")).status == 200
    assert await inbox(api, widget) == []
    assert [body for body, *_ in await inbox(api, widget, "spam")] == ["Buy again"]
    assert await unread(api, widget) == 0
