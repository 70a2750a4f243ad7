"""Presets: what each asks, and that a widget made from one asks it."""

from typing import Any

import psycopg
import pytest

from tests.support.sql_world import World

TYPES = {
    "docs": "yesno",
    "article": "yesno",
    "support": "yesno",
    "product": "reaction",
    "csat": "rating",
    "ces": "rating",
}


def follow_ups(world: World, preset: str) -> dict[str, Any]:
    """The follow-ups of a preset by option."""
    items = world.value("select fn.preset_follow_ups(%s, %s)", TYPES[preset], preset)
    return {item["option"]: item for item in items}


def test_presets_with_follow_ups(world: World) -> None:
    assert {tuple(row) for row in world.ask("select distinct name, type from fn.preset_follow_up")} == set(
        TYPES.items()
    )
    # Each follow-up belongs to an option of its preset, and each option has one.
    assert (
        world.value(
            """select count(*) from (
            select f.name, f.type, o.value from fn.preset_follow_up as f cross join unnest(f.options) as o (value)
            except all select p.name, p.type, p.value from fn.preset as p
        ) as unknown"""
        )
        == 0
    )
    for preset, type in TYPES.items():
        values = {
            row[0] for row in world.ask("select value from fn.preset where name = %s and type = %s", preset, type)
        }
        assert set(follow_ups(world, preset)) == values, preset


def test_docs_have_seven_reasons_for_no_and_five_for_yes_of_which_one_is_chosen(world: World) -> None:
    docs = follow_ups(world, "docs")
    assert {option: (len(item["reasons"]), item["multiple"]) for option, item in docs.items()} == {
        "n": (7, False), "y": (5, False),
    }  # fmt: skip
    assert [reason["value"] for reason in docs["n"]["reasons"]] == [
        "incorrect", "missing", "unclear", "outdated", "code", "not-found", "other",
    ]  # fmt: skip


@pytest.mark.parametrize(("preset", "scale"), [("csat", 5), ("ces", 7)])
def test_scales_are_whole_numbers_with_even_weights(world: World, preset: str, scale: int) -> None:
    rows = world.ask("select value, icon, weight from fn.preset where name = %s order by position", preset)
    assert [value for value, _, _ in rows] == [str(n) for n in range(1, scale + 1)]
    assert {icon for _, icon, _ in rows} == {""}  # so that it is drawn as a scale, not as stars
    for n, (_, _, weight) in enumerate(rows):
        assert float(weight) == pytest.approx(2 * n / (scale - 1) - 1, abs=0.01)


@pytest.mark.parametrize("preset", TYPES)
def test_a_widget_of_a_preset_has_its_follow_ups(world: World, preset: str) -> None:
    widget = world.widget(world.project(), TYPES[preset], preset)
    assert world.value("select fn.widget_follow_ups(%s, %s)", widget.account_id, widget.id) == world.value(
        "select fn.preset_follow_ups(%s, %s)", TYPES[preset], preset
    )


def test_options_of_its_own_leave_out_the_preset(world: World) -> None:
    project = world.project()
    id = world.value(
        """select fn.create_widget(%s, %s, 'Own', 'yesno', 'docs', '[{"value": "a"}, {"value": "b"}]')""",
        project.account_id, project.id,
    )  # fmt: skip
    assert world.value("select fn.widget_follow_ups(%s, %s)", project.account_id, id) == []
    # A tagged message takes the options of another type, but asks for its message itself.
    id = world.widget(project, "tagged", "product").id
    assert world.value("select fn.widget_follow_ups(%s, %s)", project.account_id, id) == []


def test_a_widget_with_wrong_follow_ups_is_not_created(world: World) -> None:
    project = world.project()
    with pytest.raises(psycopg.Error, match="1 to 100 characters"):
        world.ask(
            """select fn.create_widget(%s, %s, 'Wrong', 'yesno', _follow_ups =>
            '[{"option": "n", "question": "Why?", "reasons": [{"value": "a"}, {"value": ""}]}]')""",
            project.account_id, project.id,
        )  # fmt: skip
    assert world.value("select count(*) from widget where name = 'Wrong'") == 0
