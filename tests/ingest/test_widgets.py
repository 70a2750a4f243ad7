"""The public description of a widget, and counts of several widgets in one request."""

import json
import uuid

from tests.support import factories
from tests.support.serving import PAGE, Api


async def test_it_describes_a_widget(api: Api) -> None:
    feelings = await factories.widget(api.pool, "reaction")
    answer = await api.send("GET", f"/v1/widgets/{feelings.id}")
    assert answer.status == 200
    assert answer.headers["cache-control"] == "public, max-age=60, must-revalidate"
    assert answer.json() == {
        "id": feelings.id,
        "type": "reaction",
        "options": [
            {"value": "happy", "label": "Happy", "icon": "😊"},
            {"value": "neutral", "label": "Neutral", "icon": "😐"},
            {"value": "sad", "label": "Sad", "icon": "🙁"},
        ],
        "fields": [],
    }
    again = await api.send("GET", f"/v1/widgets/{feelings.id}", headers={"if-none-match": answer.headers["etag"]})
    assert (again.status, again.body) == (304, b"")


async def test_it_describes_the_fields_of_a_form(api: Api) -> None:
    fields = [
        {"name": "email", "kind": "email", "label": "Your e-mail", "required": True},
        {"name": "size", "kind": "choice", "choices": ["S", "M"]},
    ]
    form = await factories.widget(api.pool, "form", fields=fields)
    assert (await api.send("GET", f"/v1/widgets/{form.id}")).json()["fields"] == fields


async def test_it_leaves_out_options_that_are_gone(api: Api) -> None:
    feelings = await factories.widget(api.pool, "reaction")
    await api.pool.execute("update option set retired_at = now() where value = 'neutral'")
    settings = (await api.send("GET", f"/v1/widgets/{feelings.id}")).json()
    assert [option["value"] for option in settings["options"]] == ["happy", "sad"]


async def test_only_the_project_s_pages_may_read_a_widget(api: Api) -> None:
    project = await factories.project(api.pool, origins=("https://example.com",))
    likes = await factories.widget(api.pool, "pulse", project)
    for origin, status in (("https://example.com", 200), ("https://other.example", 403)):
        answer = await api.send("GET", f"/v1/widgets/{likes.id}", headers={"origin": origin})
        # A refusal says nothing of the widget, and its page may read it.
        assert (answer.status, answer.headers["access-control-allow-origin"]) == (status, origin)
        assert answer.headers["vary"] == "origin"
        assert (b"pulse" in answer.body) == (status == 200)


async def test_it_answers_404_for_an_unknown_widget(api: Api) -> None:
    for id in ("", "none", str(uuid.uuid4())):
        assert (await api.send("GET", f"/v1/widgets/{id}")).status == 404
    assert (await api.send("GET", "/v1/widgets")).status == 404
    likes = await factories.widget(api.pool)
    assert (await api.send("POST", f"/v1/widgets/{likes.id}", b"{}")).status == 405
    assert (await api.send("GET", f"/v1/widgets/{likes.id}", query=b"x=1")).status == 422


async def test_it_counts_several_widgets_at_once(api: Api) -> None:
    project = await factories.project(api.pool)
    likes = await factories.widget(api.pool, "pulse", project)
    votes = await factories.widget(api.pool, "yesno", project)
    await api.stored(likes.id, "+", "b")
    await api.stored(votes.id, "n", "a")
    expected = [(likes.id, "a", {"+": 0}), (likes.id, "b", {"+": 1}), (votes.id, "a", {"y": 0, "n": 1})]
    query = f"widget={likes.id}&page=a&page=b&widget={votes.id}&page=a".encode()
    widgets = [{"widget": likes.id, "pages": ["a", "b"]}, {"widget": votes.id, "pages": ["a"]}]
    for answer in (
        await api.send("GET", "/v1/stats", query=query),
        await api.post("/v1/stats", {"widgets": widgets}),
    ):
        assert [(one["widget"], one["page"], one["counts"]) for one in answer.json()["items"]] == expected


async def test_it_counts_only_widgets_of_one_project_at_once(api: Api) -> None:
    first, second = await factories.widget(api.pool), await factories.widget(api.pool)
    query = f"widget={first.id}&page=a&widget={second.id}&page=a".encode()
    answer = await api.send("GET", "/v1/stats", query=query)
    assert answer.status == 422
    assert "different projects" in answer.json()["message"]


async def test_it_refuses_widgets_that_it_cannot_count(api: Api) -> None:
    likes = (await factories.widget(api.pool)).id
    for query in (
        f"widget={likes}&widget={likes}&page=a", f"page=a&widget={likes}&page=a&widget={likes}&page=a",
        f"widget={likes}&page=a&widget=",
        f"widget={likes}&page=a&placement={uuid.uuid4()}&widget={likes}&page=a",
    ):  # fmt: skip
        assert (await api.send("GET", "/v1/stats", query=query.encode())).status in (404, 422), query
    one = {"widget": likes, "pages": ["a"]}
    many = [{"widget": likes, "pages": [f"k{n}" for n in range(150)]}] * 2
    for body in (
        {"widgets": []}, {"widgets": {}}, {"widgets": None}, {"widgets": [7]}, {"widgets": [{}]},
        {"widgets": [{"widget": likes}]},
        {"widgets": [{**one, "pages": []}]}, {"widgets": [{**one, "x": 1}]}, {"widgets": [one], "widget": likes},
        {"widgets": [one], "pages": ["a"]}, {"widgets": many}, {"widgets": [one], "placement": str(uuid.uuid4())},
    ):  # fmt: skip
        assert (await api.post("/v1/stats", body)).status == 422, body


async def test_it_takes_responses_that_are_sent_without_a_preflight(api: Api) -> None:
    project = await factories.project(api.pool, origins=("https://example.com",))
    votes = await factories.widget(api.pool, "yesno", project)
    item = {"widget": votes.id, "page": PAGE, "value": "y", "visitor": "visitor-1"}
    kind = {"content-type": "text/plain;charset=UTF-8", "origin": "https://example.com"}
    answer = await api.post("/v1/beacons", item, kind)
    assert (answer.status, answer.json()["outcome"]) == (201, "counted")
    assert answer.headers["access-control-allow-origin"] == "https://example.com"
    answer = await api.post("/v1/beacons", {"items": [{**item, "visitor": "visitor-2"}]}, kind)
    assert [one["outcome"] for one in answer.json()["items"]] == ["counted"]
    assert await api.counts(votes.id) == [2, 0]


async def test_it_takes_beacons_as_text_only_and_from_known_pages_only(api: Api) -> None:
    project = await factories.project(api.pool, origins=("https://example.com",))
    votes = await factories.widget(api.pool, "yesno", project)
    item = json.dumps({"widget": votes.id, "page": PAGE, "value": "y"}).encode()
    here = {"origin": "https://example.com"}
    for kind in ("application/json", "application/x-www-form-urlencoded", ""):
        assert (await api.send("POST", "/v1/beacons", item, {**here, "content-type": kind})).status == 415
    plain = {"content-type": "text/plain"}
    assert (await api.send("POST", "/v1/beacons", item, plain)).status == 403
    assert (await api.send("POST", "/v1/beacons", item, {**plain, "origin": "https://other.example"})).status == 403
    for body in (b"", b"value=y", b"[]", b"{"):
        assert (await api.send("POST", "/v1/beacons", body, {**plain, **here})).status in (400, 422)
