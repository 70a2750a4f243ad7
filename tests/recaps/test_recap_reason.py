"""The reason that grew most, in a recap's mail."""

from datetime import timedelta

import pytest

from app.queries.recaps import Recap
from app.recaps.email_text import recap_email
from tests.support.recap_world import DAY, DUE, build
from tests.support.sql_world import World, local


@pytest.fixture
def recap(world: World) -> Recap:
    """The recap of a week in which "b" grew by more than chance, and "a" did not."""
    of = build(world)
    widget = world.widget(of, "updown")
    world.ask("update widget set name = 'Votes' where id = %s", widget.id)
    world.follow_ups(widget)
    world.ask("update reason set label = 'hard to <understand>' where value = 'b'")
    for week, counts in ((1, {"a": 8, "b": 31}), (2, {"a": 7, "b": 10})):
        at = local("2026-11-24 12:00", "Europe/Rome") - 7 * week * DAY
        for reason, n in counts.items():
            for second in range(n):
                world.grow(world.send(widget, 2, at + timedelta(seconds=second)), [reason])
        for second in range(100 - sum(counts.values())):
            world.send(widget, 2, at + timedelta(seconds=second))
    world.close(DUE)
    (row,) = world.dicts("select * from fn.recap(%s, %s, 'week', '2026-11-16')", of.account_id, of.id)
    return Recap(**row)


def test_the_mail_names_the_reason_that_grew_most(recap: Recap) -> None:
    email = recap_email(recap, "https://x.example")
    heading, (line,) = email.lists[0]
    assert (heading, line.name, line.figure, line.details, line.tone) == (
        "Reason that grew most", "hard to <understand>", "31 %, +21 points", "of “Downvote” in Votes", "up",
    )  # fmt: skip
    assert line.url.startswith("https://x.example/projects/acorn/responses?widget=")
    assert "&option=-1&reason=b&from=2026-11-16&to=2026-11-22" in line.url


def test_without_a_real_change_there_is_none(recap: Recap, world: World) -> None:
    world.ask("update reason_tally_day set count = 12 where count = 31")
    (row,) = world.dicts(
        "select r.* from project as p, fn.recap(p.account_id, p.id, 'week', '2026-11-16') as r where p.slug = 'acorn'"
    )
    assert Recap(**row).reason is None
    assert [heading for heading, _ in recap_email(Recap(**row), "https://x.example").lists][:1] == ["Widgets"]
