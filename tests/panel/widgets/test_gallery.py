"""The gallery of new widgets, by goal."""

import asyncpg

from app.panel.widgets import gallery
from app.queries.presets import presets
from tests.support.browser import Browser

Pool = asyncpg.Pool


async def test_every_preset_has_one_place(pool: "Pool[asyncpg.Record]") -> None:
    placed = [(idea.type, idea.preset) for goal in gallery.GOALS for idea in goal.ideas]
    assert sorted(placed) == sorted((each.type, each.name) for each in await presets(pool))
    titles = [idea.title for goal in gallery.GOALS for idea in goal.ideas]
    assert len(set(titles)) == len(titles)


async def test_it_is_grouped_by_goal(owner: Browser) -> None:
    await owner.get("/projects/demo/widgets/new")
    for goal in gallery.GOALS:
        assert goal.title in owner.text
        for idea in goal.ideas:
            assert f'href="/projects/demo/widgets/new?type={idea.type}&preset={idea.preset}"' in owner.text
            assert f'label="{idea.question}"' in owner.text
