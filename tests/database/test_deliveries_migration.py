"""Migration 0085 on the mails of the version before it, and its rollback."""

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from app.config import ROOT
from tests.support.sql_world import World, local

MIGRATION = ROOT / "migrations/0085.recap_deliveries.sql"
ROLLBACK = ROOT / "migrations/0085.recap_deliveries.rollback.sql"
NOW = local("2026-11-23 08:00")
SCHEDULED = '{"unit": "week", "starts_on": "2026-11-16"}'
REQUESTED = '{"unit": "week", "starts_on": "2026-11-16", "is_asked": true}'


@pytest.fixture
def world(database: str) -> Iterator[World]:
    world = World(database)
    yield world
    world.close_connection()


def run(world: World, path: Path) -> None:
    world.connection.execute(path.read_bytes())


def test_recaps_of_before_are_in_the_ledger_once(world: World) -> None:
    of = world.project("UTC", NOW)
    run(world, ROLLBACK)

    def mail(to_id: UUID, outcome: str | None, context: str = SCHEDULED, *, is_handed: bool = False) -> None:
        world.ask(
            "insert into mail (id, recipient, template, context, consent, created_at, next_at, outcome, done_at,"
            " handed_over_at) values (gen_random_uuid(), 'a@example.com', 'recap', %s, %s, %s, %s, %s, %s, %s)",
            context, f"recap {of.account_id} {of.id} {to_id}", NOW, NOW, outcome, NOW if outcome else None,
            NOW if is_handed else None,
        )  # fmt: skip

    waiting, handed, failed, requested = (uuid4() for _ in range(4))
    mail(waiting, None)
    mail(handed, None, is_handed=True)
    mail(failed, "failed")
    mail(failed, "failed")
    mail(requested, None, REQUESTED)
    mail(uuid4(), "sent", "{}")  # emptied when it was sent
    world.ask(
        "insert into mail (id, recipient, template, context, created_at, next_at)"
        " values (gen_random_uuid(), 'a@example.com', 'verify', '{}', %s, %s)", NOW, NOW,
    )  # fmt: skip
    run(world, MIGRATION)
    run(world, ROOT / "sql/roles.sql")
    rows = world.ask("select to_id, unit, starts_on::text, state, phase from recap_delivery")
    assert sorted(rows) == sorted([
        (waiting, "week", "2026-11-16", "waiting", None),
        (handed, "week", "2026-11-16", "waiting", "dot"),
        (failed, "week", "2026-11-16", "failed", None),
    ], key=lambda row: row[0])  # fmt: skip
    # It was handed over when its worker ended: it is not sent again.
    world.ask("delete from mail where consent not like %s", f"%{handed}")
    world.ask("delete from mail where consent is null")
    assert world.ask("select * from fn.claim_mail('x', %s, true)", NOW) == []
    assert world.value("select state from recap_delivery where to_id = %s", handed) == "unknown"


def test_it_can_be_undone(world: World) -> None:
    world.ask(
        "insert into mail (id, recipient, template, created_at, next_at, outcome, done_at)"
        " values (gen_random_uuid(), 'a@example.com', 'verify', %s, %s, 'unknown', %s)", NOW, NOW, NOW,
    )  # fmt: skip
    run(world, ROLLBACK)
    assert world.value("select outcome from mail") == "failed"
    run(world, MIGRATION)
