"""Without JavaScript the answer to a form asks why, and its form adds to the response by its token."""

import re
from html import unescape
from urllib.parse import urlencode

import pytest

from tests.support import factories
from tests.support.follow_ups import WHY_NOT, asking, grown
from tests.support.serving import PAGE, Answer, Api

FORM = "application/x-www-form-urlencoded"
HERE = {"referer": PAGE, "origin": "https://example.com"}
OURS = {"origin": "http://127.0.0.1:8000", "host": "127.0.0.1:8000"}


async def submit(api: Api, fields: object, headers: dict[str, str] | None = None) -> Answer:
    body = urlencode(fields).encode()  # type: ignore[arg-type]  # pairs or a dict
    return await api.send("POST", "/v1/responses", body, {"content-type": FORM, **(headers or HERE)})


def hidden(answer: Answer) -> dict[str, str]:
    """The hidden fields of a page."""
    fields = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', answer.body.decode())
    return {name: unescape(value) for name, value in fields}


async def voted(api: Api) -> dict[str, str]:
    """The hidden fields of the page that a vote leads to."""
    project = await factories.project(api.pool, origins=("https://example.com",))
    widget = await asking(api, of=project)
    answer = await submit(api, {"widget": widget.id, "page": PAGE, "value": "n"})
    assert answer.status == 200
    return hidden(answer)


async def test_a_vote_leads_to_a_page_that_asks_why_and_back(api: Api) -> None:
    widget = await asking(api)
    answer = await submit(api, {"widget": widget.id, "page": PAGE, "value": "n"})
    assert answer.status == 200
    text = answer.body.decode()
    for piece in ("What was missing?", "Hard to understand", 'type="checkbox"', "<textarea", 'type="email"', PAGE):
        assert piece in text
    assert "default-src 'self'" in answer.headers["content-security-policy"]
    assert await grown(api) == [("n", [], None, None)]
    fields = [*hidden(answer).items(), ("reasons", "unclear"), ("reasons", "other"), ("message", "Which key?"),
              ("contact", "ada@example.com")]  # fmt: skip
    answer = await submit(api, fields, OURS)
    assert (answer.status, answer.headers["location"]) == (303, PAGE)
    assert await grown(api) == [("n", ["unclear", "other"], "Which key?", "ada@example.com")]
    assert (await api.stats(widget.id))[0]["total"] == 1


async def test_nothing_has_to_be_answered(api: Api) -> None:
    fields = await voted(api)
    answer = await submit(api, {**fields, "message": "", "contact": ""}, OURS)
    assert (answer.status, answer.headers["location"]) == (303, PAGE)
    assert await grown(api) == [("n", [], None, None)]


async def test_an_option_of_one_reason_has_radio_buttons_and_one_without_a_follow_up_none(api: Api) -> None:
    widget = await asking(api, {**WHY_NOT, "multiple": False})
    answer = await submit(api, {"widget": widget.id, "page": PAGE, "value": "n"})
    assert b'type="radio"' in answer.body
    answer = await submit(api, {"widget": widget.id, "page": PAGE, "value": "y"})
    assert (answer.status, answer.headers["location"]) == (303, PAGE)


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("contact", "nobody", "Contact must be an email address of at most 254 characters."),
        ("message", "x" * 5001, "Message has 5001 characters; the limit is 5000."),
        ("message", " ", "Message must be a text and not empty"),
        ("reasons", "nonsense", "Reasons"),
    ],
)
async def test_what_is_wrong_stands_at_its_field_and_changes_nothing(
    api: Api, field: str, value: str, message: str
) -> None:
    fields = await voted(api)
    entered = {"reasons": "unclear", "message": "<b>Words</b>", "contact": "ada@example.com", field: value}
    answer = await submit(api, {**fields, **entered}, OURS)
    assert answer.status == 422
    text = answer.body.decode()
    assert re.search(rf'id="{field}-error"[^>]*>{re.escape(message)}', text)
    assert f'aria-describedby="{field}-error"' in text
    assert "<b>" not in text
    if field != "message":
        assert "&lt;b&gt;Words" in text
    assert hidden(answer) == fields
    assert await grown(api) == [("n", [], None, None)]
    answer = await submit(api, {**hidden(answer), "contact": "ada@example.com"}, OURS)
    assert answer.status == 303
    assert await grown(api) == [("n", [], None, "ada@example.com")]


async def test_only_the_token_of_the_response_signs_it(api: Api) -> None:
    fields = await voted(api)
    for wrong in ({"token": "x" * 51}, {"token": ""}, {"response": "01a2190d-2ad8-77a3-b7c5-bac1252798dc"}):
        answer = await submit(api, {**fields, **wrong, "message": "Words"}, OURS)
        assert answer.status == 403, wrong
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert (await submit(api, {**fields, "response": "x", "message": "W"}, OURS)).status in (404, 422)
    assert (await submit(api, {**fields, "message": "W"}, {"origin": "https://evil.example"})).status == 403
    without_token = {name: value for name, value in fields.items() if name != "token"}
    assert (await submit(api, {**without_token, "message": "W"}, OURS)).status == 403
    assert await grown(api) == [("n", [], None, None)]


@pytest.mark.parametrize(
    "back",
    ["https://evil.example/", "javascript:alert(1)", "//evil.example", "https://example.com\\@evil.example/", "a b"],
)
async def test_it_leads_only_to_a_site_of_the_project(api: Api, back: str) -> None:
    fields = await voted(api)
    answer = await submit(api, {**fields, "return": back, "message": "Words"}, OURS)
    assert answer.status == 200
    assert "location" not in answer.headers
    assert b"evil" not in answer.body


async def test_a_deleted_response_is_said(api: Api) -> None:
    fields = await voted(api)
    await api.delete({"id": fields["response"], "revokable": {"token": fields["token"]}}, HERE)
    answer = await submit(api, {**fields, "message": "Words"}, OURS)
    assert answer.status == 404
    assert b"deleted" in answer.body
