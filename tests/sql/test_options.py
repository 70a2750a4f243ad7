"""Updating options keeps history: removed ones are retired and return with their counts; weights apply anew."""

import json
from datetime import timedelta
from typing import Any

import psycopg
import pytest

from tests.support.recount import differences
from tests.support.sql_world import Widget, World, local

NOW = local("2026-09-15T12:00")
DAY = timedelta(days=1)


def change(world: World, of: Widget, *options: Any) -> None:
    items = [{"value": option} if isinstance(option, str) else option for option in options]
    world.ask(
        "select fn.update_options(%s, %s, %s, %s, %s)", of.account_id, of.project_id, of.id, json.dumps(items), NOW
    )


def live(world: World, of: Widget) -> list[str]:
    options = json.loads(world.value("select options from fn.ingest_widget(%s, %s)", of.id, NOW))
    return [option["value"] for option in options]


def option_counts(world: World, of: Widget) -> tuple[list[str], list[int], int]:
    return world.ask(
        "select option_values, counts, total from fn.tallies(array[%s], array[%s], array['/a'])", of.account_id, of.id
    )[0]  # type: ignore[return-value]


def test_it_retires_and_brings_back(world: World) -> None:
    reactions = world.widget(world.project("UTC", NOW - DAY), "reaction", "feeling")
    for no in (1, 2, 2, 3):
        world.send(reactions, no, NOW)
    assert option_counts(world, reactions) == (["happy", "neutral", "sad"], [1, 2, 1], 4)
    change(world, reactions, "sad", {"value": "wow", "label": "Wow!", "icon": "😮", "weight": 0.5}, "happy")
    assert live(world, reactions) == ["sad", "wow", "happy"]
    # The total keeps the responses of the retired option.
    assert option_counts(world, reactions) == (["sad", "wow", "happy"], [1, 0, 1], 4)
    options = json.loads(
        world.value(
            "select options from fn.widget_settings(%s, %s, %s)",
            reactions.account_id,
            reactions.project_id,
            reactions.id,
        )
    )
    assert [(o["value"], o["retired"]) for o in options] == [
        ("sad", False), ("wow", False), ("happy", False), ("neutral", True),
    ]  # fmt: skip
    assert options[1]["label"] == "Wow!"
    change(world, reactions, "happy", "neutral", "sad")
    assert option_counts(world, reactions) == (["happy", "neutral", "sad"], [1, 2, 1], 4)
    assert world.ask("select no, value from option where widget_id = %s order by no", reactions.id) == [
        (1, "happy"), (2, "neutral"), (3, "sad"), (4, "wow"),
    ]  # fmt: skip
    world.close(NOW)
    assert differences(world) == {}
    rows = world.ask("select details from audit where what = 'widget.options_updated' order by id")
    assert len(rows) == 2
    change(world, reactions, "happy", "neutral", "sad")
    assert world.value("select count(*) from audit where what = 'widget.options_updated'") == 2


def test_it_keeps_what_is_not_said(world: World) -> None:
    votes = world.widget(world.project(), "updown")
    change(world, votes, {"value": "+1", "label": "Good"}, {"value": "-1", "aliases": ["boo"]})
    rows = world.ask(
        "select value, label, icon, weight, aliases from option where widget_id = %s order by no", votes.id
    )
    assert rows[0][:4] == ("+1", "Good", "⬆️", 1)
    assert "yes" in rows[0][4]
    assert rows[1] == ("-1", "Downvote", "⬇️", -1, ["boo"])


def test_it_gives_a_new_vote_the_spellings_of_its_place(world: World) -> None:
    votes = world.widget(world.project(), "yesno")
    change(world, votes, "y", {"value": "nope"})
    aliases = dict(world.ask("select value, aliases from option where widget_id = %s and retired_at is null", votes.id))
    assert {"n", "no", "-1"} <= set(aliases["nope"])
    assert not set(aliases["y"]) & set(aliases["nope"])


WRONG = {
    "too few": ["+1"],
    "too many": ["a", "b", "c"],
    "the same twice": ["a", "a"],
    "a weight": [{"value": "a", "weight": 2}, "b"],
    "a weight of another kind": [{"value": "a", "weight": "1"}, "b"],
    "no value": [{"label": "a"}, "b"],
    "an alias that is none": [{"value": "a", "aliases": [1]}, "b"],
    "an alias of both": [{"value": "a", "aliases": ["x"]}, {"value": "b", "aliases": ["x"]}],
}


@pytest.mark.parametrize("what", WRONG)
def test_it_refuses(world: World, what: str) -> None:
    votes = world.widget(world.project(), "updown")
    with pytest.raises(psycopg.Error) as refused:
        change(world, votes, *WRONG[what])
    assert refused.value.sqlstate == "FB422"
    assert live(world, votes) == ["+1", "-1"]


def test_it_keeps_the_option_of_a_message(world: World) -> None:
    messages = world.widget(world.project(), "message")
    change(world, messages, {"value": "message", "label": "Tell us"})
    with pytest.raises(psycopg.Error) as refused:
        change(world, messages, "note")
    assert refused.value.sqlstate == "FB422"


def test_it_judges_by_new_weights_all_but_what_is_closed(world: World) -> None:
    project = world.project("UTC", NOW - 80 * DAY)
    reactions = world.widget(project, "reaction", "feeling")
    for n in range(60):
        world.send(reactions, 1, NOW - n * DAY)
    world.close(NOW)
    closed = "select starts_on, sentiment from period where scope_id = %s and unit = 'month'"
    before = world.ask(closed, project.id)
    assert {sentiment for _, sentiment in before} == {1}
    change(world, reactions, {"value": "happy", "weight": -0.5}, "neutral", "sad")
    # Sums at once, scores by the next refresh.
    assert world.value("select sentiment from fn.project_windows(%s, %s) where days = 7", *of(reactions)) == -0.5
    world.close(NOW)
    assert set(world.ask("select distinct sentiment from placement_score")) == {(-0.5,)}
    assert world.ask(closed, project.id) == before
    assert differences(world) == {}
    # A late change has its period closed, and judged, again.
    response = world.value("select id from response where counted_on = '2026-08-10'")
    world.ask("select fn.delete_response(%s, %s)", reactions.account_id, response)
    world.close(NOW)
    assert dict(world.ask(closed, project.id))[local("2026-08-01T00:00").date()] == -0.5


def of(to: Widget) -> tuple[Any, Any]:
    return to.account_id, to.project_id
