"""The parts of a split or tagged message of the published components end up in one response."""

from typing import Any

import pytest

from tests.support.follow_ups import asking, grown
from tests.support.serving import PAGE, Answer, Api

VISITOR = {"origin": "https://example.com"}


async def call(api: Api, name: str, argument: dict[str, Any]) -> Answer:
    return await api.post(f"/v0/feelbacks/{name}", [argument], VISITOR)


async def test_a_tag_that_is_a_reason_votes_for_its_option(api: Api) -> None:
    widget = await asking(api)
    target = {"contentSetId": widget.id, "key": PAGE}
    answer = await call(api, "create", {**target, "value": {"tag": "outdated", "message": "Since 3.0"}})
    assert answer.status == 200, answer.body
    assert await grown(api) == [("n", ["outdated"], "Since 3.0", None)]
    assert await api.counts(widget.id) == [0, 1]


async def test_a_tag_that_is_an_option_votes_and_takes_the_message(api: Api) -> None:
    widget = await asking(api)
    argument = {"contentSetId": widget.id, "key": PAGE, "value": {"tag": "n", "message": "Words"}}
    assert (await call(api, "create", argument)).status == 200
    assert await grown(api) == [("n", [], "Words", None)]


async def test_the_parts_of_a_split_message_are_one_response(api: Api) -> None:
    widget = await asking(api)
    target = {"contentSetId": widget.id, "key": PAGE}
    # A vote that can be edited: the SDK sends what follows by its token.
    first = (await call(api, "create", {**target, "value": "n", "revokable": True})).json()
    edited = {"feelbackId": first["feelbackId"], "revokeToken": first["revokable"]["token"]}
    answer = await call(api, "edit", {**edited, "value": {"tag": "unclear", "message": "Words"}})
    assert answer.status == 200, answer.body
    assert await grown(api) == [("n", ["unclear"], "Words", None)]
    answer = await call(api, "edit", {**edited, "value": {"tag": "clear"}})
    assert answer.status == 200, answer.body
    assert [row[:2] for row in await grown(api)] == [("y", ["clear"])]
    # One that cannot: it is the same visitor's vote for the page.
    widget = await asking(api)
    target = {"contentSetId": widget.id, "key": PAGE}
    assert (await call(api, "create", {**target, "value": "n"})).status == 200
    assert (await call(api, "create", {**target, "value": {"tag": "outdated"}})).status == 200
    assert (await grown(api))[1:] == [("n", ["outdated"], None, None)]


@pytest.mark.parametrize(
    ("value", "status"),
    [
        ({"tag": "other"}, 422),  # a reason of both options
        ({"tag": "nonsense"}, 422),
        ({"tag": ["n"]}, 422),
        ({"tag": None}, 422),
        ({}, 422),
        ({"tag": "n", "more": 1}, 422),
        ({"tag": "clear", "message": "Words"}, 422),  # which this option does not take
        ({"tag": "n", "message": ["x"]}, 422),
        ({"tag": "n", "message": "x" * 5001}, 422),
    ],
)
async def test_what_belongs_to_no_vote_is_refused_as_a_whole(api: Api, value: dict[str, Any], status: int) -> None:
    widget = await asking(api)
    answer = await call(api, "create", {"contentSetId": widget.id, "key": PAGE, "value": value})
    assert answer.status == status
    assert await grown(api) == []


async def test_a_tagged_message_stays_one_response(api: Api) -> None:
    widget = await asking(
        api, {"option": "error", "question": "What kind?", "reasons": [{"value": "crash"}]}, type="tagged"
    )
    argument = {"contentSetId": widget.id, "key": PAGE, "value": {"tag": "error", "message": "Broken"}}
    assert (await call(api, "create", argument)).status == 200
    assert await grown(api) == [("error", [], "Broken", None)]
