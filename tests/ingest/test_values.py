from typing import Any

import pytest

from tests.support import factories
from tests.support.serving import Api

PRESETS = {
    ("pulse", "pulse"): ["+"],
    ("pulse", "pulse-like"): ["+"],
    ("pulse", "pulse-heart"): ["+"],
    ("pulse", "pulse-star"): ["+"],
    ("updown", "updown"): ["+1", "-1"],
    ("updown", "like-dislike"): ["+1", "-1"],
    ("yesno", "yesno"): ["y", "n"],
    ("reaction", "feeling"): ["happy", "neutral", "sad"],
    ("reaction", "github"): ["+1", "-1", "laugh", "confused", "heart", "hooray", "rocket", "eyes"],
    ("reaction", "facebook"): ["like", "love", "laugh", "wow", "sad", "angry"],
    ("reaction", "evaluation"): ["love", "happy", "sad", "hate"],
    ("rating", "stars"): ["1", "2", "3", "4", "5"],
    ("nps", "nps"): [str(n) for n in range(11)],
    ("tagged", "feedback"): ["idea", "error", "other"],
    ("tagged", "evaluation"): ["love", "happy", "sad", "hate"],
    ("tagged", "like-dislike"): ["+1", "-1"],
}
VOTES = {
    0: ["y", "yes", "up", "like", "+1", "1", 1, 1.0, "true", True],
    1: ["n", "no", "down", "dislike", "-1", -1, -1.0, "0", 0, "false", False],
}
FIELDS: list[dict[str, Any]] = [
    {"name": "name", "required": True, "min": 2, "max": 10},
    {"name": "email", "kind": "email"},
    {"name": "age", "kind": "number", "min": 0, "max": 150},
    {"name": "news", "kind": "boolean"},
    {"name": "size", "kind": "choice", "choices": ["s", "m"]},
]


def valued(type: str, value: str) -> Any:
    return {"tag": value} if type == "tagged" else value


@pytest.mark.parametrize(("type", "preset"), PRESETS)
async def test_it_counts_every_value_of_a_preset_in_its_order(api: Api, type: str, preset: str) -> None:
    values = PRESETS[type, preset]
    widget = await factories.widget(api.pool, type, preset=preset)
    for n, value in enumerate(values, 1):
        for _ in range(n):
            await api.stored(widget.id, valued(type, value))
    answer = await api.v0("getAggregates", {"contentSetId": widget.id, "key": "https://example.com/a"})
    assert answer.json() == list(range(1, len(values) + 1))
    (stats,) = await api.stats(widget.id)
    assert list(stats["counts"]) == values
    assert stats["total"] == sum(answer.json())


@pytest.mark.parametrize("type", ["updown", "yesno"])
async def test_it_takes_every_spelling_of_a_vote_as_one_of_two(api: Api, type: str) -> None:
    votes = await factories.widget(api.pool, type)
    for position, spellings in VOTES.items():
        for spelling in spellings:
            before = await api.counts(votes.id)
            await api.stored(votes.id, spelling)
            before[position] += 1
            assert await api.counts(votes.id) == before, spelling


REFUSED: list[tuple[str, Any]] = [
    ("pulse", "-"), ("pulse", "+1"), ("pulse", None), ("pulse", ["+"]), ("pulse", True), ("pulse", ""),
    ("updown", "Y"), ("updown", 2), ("updown", "maybe"), ("updown", {}), ("updown", "++1"), ("updown", 0.5),
    ("yesno", ""), ("yesno", " y"), ("yesno", "ye"), ("reaction", "joy"), ("reaction", 1),
    ("reaction", {"tag": "happy"}), ("rating", 0), ("rating", 6), ("rating", 4.5), ("rating", "5.0"),
    ("rating", -1), ("rating", True), ("rating", "٣"), ("nps", 11), ("nps", -1), ("nps", "00"), ("message", ""),
    ("message", "  \n"), ("message", 7), ("message", {"message": "a"}), ("message", "x" * 5001), ("tagged", "idea"),
    ("tagged", {}), ("tagged", {"tag": "joy"}), ("tagged", {"tag": "idea", "message": 7}),
    ("tagged", {"tag": "idea", "message": "x" * 5001}), ("tagged", {"tag": "idea", "else": 1}),
    ("tagged", {"message": "a"}), ("tagged", {"tag": "idea", "message": " "}), ("form", "text"), ("form", {}),
    ("form", []),
]  # fmt: skip


async def test_it_refuses_other_values(api: Api) -> None:
    widgets = {type: await factories.widget(api.pool, type) for type in {type for type, _ in REFUSED}}
    for type, value in REFUSED:
        answer = await api.create(widgets[type].id, value)
        assert answer.status == 422, (type, value)
        if type not in ("message", "tagged", "form"):
            assert answer.json()["data"]["allowed"]
        assert (await api.v0("create", {"contentSetId": widgets[type].id, "key": "k", "value": value})).status == 422
    assert await api.pool.fetchval("select count(*) from response") == 0


@pytest.mark.parametrize(("value", "position"), [(5, 4), ("5", 4), (5.0, 4), (1, 0), ("3", 2)])
async def test_it_takes_ratings_as_numbers_and_texts(api: Api, value: Any, position: int) -> None:
    stars = await factories.widget(api.pool, "rating")
    await api.stored(stars.id, value)
    assert (await api.counts(stars.id))[position] == 1


async def test_it_takes_a_widget_s_own_options(api: Api) -> None:
    options = [{"value": str(n)} for n in range(-2, 3)]
    own = await factories.widget(api.pool, "rating", options=options)
    for value in (-2, 0, 2, 2):
        await api.stored(own.id, value)
    assert await api.counts(own.id) == [1, 0, 1, 0, 2]
    assert (await api.stats(own.id))[0]["average"] == 0.5


async def test_it_gives_a_name_to_its_option_before_an_alias(api: Api) -> None:
    odd = await factories.widget(api.pool, "yesno", options=[{"value": "no"}, {"value": "yes"}])
    await api.stored(odd.id, "yes")
    assert await api.counts(odd.id) == [0, 1]


@pytest.mark.parametrize(
    "message", ["a", "x" * 5000, "😀" * 5000, "  both ends  ", "a\nb\t<script>&amp;'\"\\ \x7f\u2028é"]
)
async def test_it_keeps_a_message_as_it_was_typed(api: Api, message: str) -> None:
    messages = await factories.widget(api.pool, "message")
    tagged = await factories.widget(api.pool, "tagged")
    await api.stored(messages.id, message)
    await api.stored(tagged.id, {"tag": "error", "message": message})
    assert [row["body"] for row in await api.pool.fetch("select body from response")] == [message] * 2
    assert await api.counts(messages.id) == [1]
    assert await api.counts(tagged.id) == [0, 1, 0]


async def test_it_keeps_what_a_form_declares(api: Api) -> None:
    form = await factories.widget(api.pool, "form", fields=FIELDS)
    await api.stored(form.id, {"name": "Ada", "email": "ada@example.com", "age": 36, "news": True, "size": "m"})
    assert (
        await api.pool.fetchval("select fields ->> 'name' || (fields -> 'age') || (fields -> 'news') from response")
        == "Ada36true"
    )
    await api.stored(form.id, {"name": "Bob", "email": "", "age": None})
    assert await api.pool.fetchval("select fields::text from response order by id desc limit 1") == '{"name": "Bob"}'
    assert await api.counts(form.id) == [2]


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"email": "a@b.example"}, "name"), ({"name": ""}, "name"), ({"name": "A"}, "name"),
    ({"name": "A" * 11}, "name"), ({"name": 7}, "name"), ({"name": "Ada", "email": "nobody"}, "email"),
    ({"name": "Ada", "email": "a b@c"}, "email"), ({"name": "Ada", "age": 151}, "age"),
    ({"name": "Ada", "age": -1}, "age"), ({"name": "Ada", "age": "old"}, "age"),
    ({"name": "Ada", "age": "NaN"}, "age"), ({"name": "Ada", "age": "inf"}, "age"),
    ({"name": "Ada", "age": True}, "age"), ({"name": "Ada", "age": 10**30}, "age"),
    ({"name": "Ada", "age": "1e400"}, "age"), ({"name": "Ada", "news": "maybe"}, "news"),
    ({"name": "Ada", "news": 1}, "news"), ({"name": "Ada", "size": "l"}, "size"),
    ({"name": "Ada", "size": ["s"]}, "size"), ({"name": "Ada", "undeclared": "x"}, "undeclared"),
    ({"name": {"a": 1}}, "name"),
]  # fmt: skip


async def test_it_names_the_field_that_is_wrong(api: Api) -> None:
    form = await factories.widget(api.pool, "form", fields=FIELDS)
    for value, wrong in WRONG:
        answer = await api.create(form.id, value)
        assert answer.status == 422, value
        assert list(answer.json()["data"]["fields"]) == [wrong]


async def test_it_takes_undeclared_fields_where_the_form_is_open(api: Api) -> None:
    form = await factories.widget(api.pool, "form", fields=FIELDS, is_open_form=True)
    await api.stored(form.id, {"name": "Ada", "else": "x", "n": 1.5, "b": False})
    assert (await api.create(form.id, {"name": "Ada", "deep": {"a": 1}})).status == 422
    assert (await api.create(form.id, {"name": "Ada", "size": "l"})).status == 422
    assert (await api.create(form.id, {"name": "Ada"} | {f"f{n}": 1 for n in range(60)})).status == 422
    assert await api.counts(form.id) == [1]


CONTEXTS: list[tuple[Any, int]] = [
    ({"title": "A page", "n": 1, "x": 1.5, "ok": True, "none": None, "$user": "ada@example.com"}, 201),
    ({str(n): n for n in range(32)}, 201),
    ({str(n): n for n in range(33)}, 422),
    ({"a": "x" * 4088}, 201),
    ({"a": "x" * 4089}, 422),
    ({"a": "é" * 3000}, 422),
    ({"a": {}}, 422),
    ({"a": [1]}, 422),
    ({"": 1}, 422),
    ({"x" * 64: 1}, 201),
    ({"x" * 65: 1}, 422),
    ({"n": 2**63}, 422),
    ({"n": 1e300}, 422),
    ({"$user": "nobody"}, 422),
    ({"$user": 7}, 422),
    ("text", 422),
    ([], 422),
]


async def test_it_judges_the_context(api: Api) -> None:
    likes = await factories.widget(api.pool)
    for context, status in CONTEXTS:
        assert (await api.create(likes.id, "+", context=context)).status == status, context
