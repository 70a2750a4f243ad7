"""Follow-ups of a widget: what is refused names its field, and what is left out may come back."""

import json
from typing import Any

import psycopg
import pytest

from tests.support.sql_world import Widget, World

WHY: dict[str, Any] = {"option": "n", "question": "Why?", "reasons": [{"value": "a"}]}
LINE = "must have 1 to 200 characters, on one line."


def update(world: World, widget: Widget, *follow_ups: Any) -> None:
    """Give a widget these follow-ups."""
    world.ask(
        "select fn.update_follow_ups(%s, %s, %s, %s::jsonb)",
        widget.account_id, widget.project_id, widget.id, json.dumps(follow_ups),
    )  # fmt: skip


def stored(world: World, widget: Widget) -> dict[str, Any]:
    """The follow-ups of a widget by option."""
    items = world.value("select fn.widget_follow_ups(%s, %s)", widget.account_id, widget.id)
    return {item["option"]: item for item in items}


def reasons(count: int) -> list[dict[str, str]]:
    return [{"value": str(n)} for n in range(count)]


@pytest.mark.parametrize(
    ("changes", "field", "message", "limit"),
    [
        ({"option": "maybe"}, "option", "it has no option maybe.", None),
        ({"option": None}, "option", "it has no option without a value.", None),
        ({"option": "y"}, "option", "must differ from those of the other follow-ups.", 1),
        ({"question": ""}, "question", LINE, 200),
        ({"question": " "}, "question", LINE, 200),
        ({"question": "a\nb"}, "question", LINE, 200),
        ({"question": "x" * 201}, "question", LINE, 200),
        ({"question": 1}, "question", LINE, 200),
        ({"thanks": "x" * 201}, "thanks", LINE, 200),
        ({"thanks": ""}, "thanks", LINE, 200),
        ({"multiple": "yes"}, "multiple", "must be true or false.", None),
        ({"message": 1}, "message", "must be true or false.", None),
        ({"contact": None}, "contact", "must be true or false.", None),
        ({"reasons": {}}, "reasons", "must be a list.", None),
        ({"reasons": reasons(21)}, "reasons", "must be at most 20.", 20),
        ({"reasons": []}, "reasons", "must not be empty", None),
        ({"reasons": [{"value": "a"}, {"value": ""}]}, "reasons[1].value", "must have 1 to 100 characters", 100),
        ({"reasons": ["a"]}, "reasons[0].value", "must have 1 to 100 characters", 100),
        ({"reasons": [{"value": "a", "label": "x" * 101}]}, "reasons[0].label", "at most 100 characters", 100),
        ({"reasons": reasons(1) * 2}, "reasons[1].value", "must differ from the other reasons", 1),
    ],
)
def test_an_error_names_its_field_and_its_limit(
    world: World, changes: dict[str, Any], field: str, message: str, limit: int | None
) -> None:
    widget = world.widget(world.project(), "yesno")
    first = {**WHY, "option": "y"}
    update(world, widget, first)
    with pytest.raises(psycopg.Error) as error:
        update(world, widget, first, {**WHY, **changes})
    diagnosis = error.value.diag
    assert (diagnosis.sqlstate, diagnosis.column_name) == ("FB422", f"followUps[1].{field}")
    assert message in str(diagnosis.message_primary)
    assert json.loads(diagnosis.message_detail or "{}") == ({"limit": limit} if limit else {})
    assert list(stored(world, widget)) == ["y"]


@pytest.mark.parametrize("follow_ups", [None, {}, [WHY] * 101, ["why"]])
def test_a_list_of_something_else_is_refused(world: World, follow_ups: Any) -> None:
    widget = world.widget(world.project(), "yesno")
    with pytest.raises(psycopg.Error, match="must be") as error:
        world.ask(
            "select fn.update_follow_ups(%s, %s, %s, %s::jsonb)",
            widget.account_id, widget.project_id, widget.id, json.dumps(follow_ups),
        )  # fmt: skip
    assert error.value.diag.sqlstate == "FB422"
    assert str(error.value.diag.column_name).startswith("followUps")


def test_a_widget_that_takes_a_message_asks_for_none(world: World) -> None:
    widget = world.widget(world.project(), "tagged")
    idea = {**WHY, "option": "idea"}
    with pytest.raises(psycopg.Error, match="takes a message with its value"):
        update(world, widget, {**idea, "message": True})
    update(world, widget, idea)


def test_thanks_are_stored_trimmed_or_left_to_the_widget(world: World) -> None:
    widget = world.widget(world.project(), "yesno")
    update(world, widget, {**WHY, "thanks": " Thank you. "}, {**WHY, "option": "y", "thanks": None})
    assert {option: item["thanks"] for option, item in stored(world, widget).items()} == {
        "y": None, "n": "Thank you.",
    }  # fmt: skip


def test_an_archived_reason_is_listed_until_it_comes_back(world: World) -> None:
    widget = world.widget(world.project(), "yesno")
    both = {**WHY, "reasons": [{"value": "a", "label": "Reason A"}, {"value": "b"}]}
    update(world, widget, both)
    archived = "select option, value, label from fn.archived_reasons(%s, %s, %s)"
    arguments = (widget.account_id, widget.project_id, widget.id)
    assert world.ask(archived, *arguments) == []
    update(world, widget, {**both, "reasons": [{"value": "b"}]})
    assert world.ask(archived, *arguments) == [("n", "a", "Reason A")]
    update(world, widget, {**both, "reasons": [{"value": "b"}, {"value": "a"}]})
    assert world.ask(archived, *arguments) == []
    assert [reason["label"] for reason in stored(world, widget)["n"]["reasons"]] == ["b", "Reason A"]


def test_an_option_that_comes_back_has_its_follow_up(world: World) -> None:
    widget = world.widget(world.project(), "reaction")
    options = "select fn.update_options(%s, %s, %s, %s::jsonb)"
    arguments = (widget.account_id, widget.project_id, widget.id)
    sad = {**WHY, "option": "sad"}
    update(world, widget, sad)
    world.ask(options, *arguments, '[{"value": "happy"}]')
    assert stored(world, widget) == {}
    update(world, widget, {**WHY, "option": "happy"})
    world.ask(options, *arguments, '[{"value": "happy"}, {"value": "sad"}]')
    assert sorted(stored(world, widget)) == ["happy", "sad"]
    assert [reason["value"] for reason in stored(world, widget)["sad"]["reasons"]] == ["a"]


def test_settings_options_and_follow_ups_are_updated_together_or_not_at_all(world: World) -> None:
    widget = world.widget(world.project(), "reaction")
    arguments = (widget.account_id, widget.project_id, widget.id, '{"name": "Changed"}', '[{"value": "new"}]')
    edit = "select fn.edit_widget(%s, %s, %s, %s::jsonb, %s::jsonb, %s::jsonb)"
    with pytest.raises(psycopg.Error, match="no option happy"):
        world.ask(edit, *arguments, json.dumps([{**WHY, "option": "happy"}]))
    assert world.value("select count(*) from widget where name = 'Changed'") == 0
    world.ask(edit, *arguments, json.dumps([{**WHY, "option": "new"}]))
    assert list(stored(world, widget)) == ["new"]
    world.ask(edit, *arguments, None)
    assert list(stored(world, widget)) == ["new"]
