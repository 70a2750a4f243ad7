"""Widgets that ask why, by the API: from presets, with follow-ups of their own, and what is refused."""

from typing import Any

import pytest

from tests.support.api_tenants import Tenant, ask
from tests.support.serving import Api

WIDGETS = "/v1/projects/{project}/widgets"
WHY: dict[str, Any] = {"option": "n", "question": "Why?", "thanks": "Thank you.", "reasons": [{"value": "slow"}]}


async def test_a_widget_of_a_preset_has_its_follow_ups(api: Api, tenants: list[Tenant]) -> None:
    own = tenants[0]
    answer = await ask(
        api, own.write, "POST", own.filled(WIDGETS), {"name": "Docs?", "type": "yesno", "preset": "docs"}
    )
    assert answer.status == 201
    widget = answer.json()
    assert [(each["option"], len(each["reasons"])) for each in widget["followUps"]] == [("y", 5), ("n", 7)]
    path = own.filled(f"{WIDGETS}/{widget['id']}")
    assert (await ask(api, own.read, "GET", path)).json() == widget
    listed = (await ask(api, own.read, "GET", own.filled(WIDGETS))).json()["items"]
    assert next(each for each in listed if each["id"] == widget["id"]) == widget
    assert (await ask(api, own.read, "GET", f"{path}/follow-ups")).json() == {"followUps": widget["followUps"]}
    described = (await api.send("GET", f"/v1/widgets/{widget['id']}")).json()
    assert [option["followUp"]["thanks"] for option in described["options"]] == [
        "Thank you. Good to know.", "Thank you. This tells us what to fix.",
    ]  # fmt: skip


async def test_a_widget_is_created_with_follow_ups(api: Api, tenants: list[Tenant]) -> None:
    own = tenants[0]
    body = {"name": "Mine", "type": "yesno", "preset": "docs", "followUps": [WHY]}
    widget = (await ask(api, own.write, "POST", own.filled(WIDGETS), body)).json()
    assert widget["followUps"] == [
        {**WHY, "multiple": False, "message": False, "contact": False, "reasons": [{"value": "slow", "label": "slow"}]}
    ]
    path = own.filled(f"{WIDGETS}/{widget['id']}/follow-ups")
    changed = {"followUps": [{**WHY, "thanks": None}]}
    assert (await ask(api, own.write, "PUT", path, changed)).json()["followUps"][0]["thanks"] is None
    described = (await api.send("GET", f"/v1/widgets/{widget['id']}")).json()
    assert "thanks" not in described["options"][1]["followUp"]


@pytest.mark.parametrize(
    ("changes", "field", "limit"),
    [
        ({"option": "maybe"}, "followUps[0].option", None),
        ({"question": "a\nb"}, "followUps[0].question", 200),
        ({"thanks": " "}, "followUps[0].thanks", 200),
        ({"reasons": [{"value": "a"}, {"value": "a"}]}, "followUps[0].reasons[1].value", 1),
        ({"reasons": []}, "followUps[0].reasons", None),
    ],
)
async def test_an_error_names_its_field_and_its_limit(
    api: Api, tenants: list[Tenant], changes: dict[str, Any], field: str, limit: int | None
) -> None:
    own = tenants[0]
    body = {"name": "Mine", "type": "yesno", "followUps": [{**WHY, **changes}]}
    answer = await ask(api, own.write, "POST", own.filled(WIDGETS), body)
    assert answer.status == 422
    assert answer.json()["message"].startswith(f"{field} must")
    assert answer.json()["data"] == {"field": field, **({"limit": limit} if limit else {})}
    listed = (await ask(api, own.read, "GET", own.filled(WIDGETS))).json()["items"]
    assert not [each for each in listed if each["name"] == "Mine"]
