"""Migrations that would stop requests are found before they run."""

from pathlib import Path

import pytest

from tests.programs import lint_migrations


def test_no_migration_stops_requests() -> None:
    assert lint_migrations.problems(lint_migrations.migrations()) == []


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("create index on response (visitor);", "require-concurrent-index-creation"),
        ("alter table response rename column body to words;", "renaming-column"),
        ("alter table response drop column body;", "ban-drop-column"),
        ("alter table response add column more int not null;", "adding-required-field"),
        ("alter table response alter column body type varchar(9);", "changing-column-type"),
        (
            "alter table widget add column more int;\ncreate index concurrently x on response (visitor);",
            "ban-concurrent-index-creation-in-transaction",
        ),
        ("alter table widget add check (name <> '');", "constraint-missing-not-valid"),
        ("alter table widget add column more int;", ""),
        ("-- transactional: false\ncreate index concurrently x on response (visitor);", ""),
    ],
)
def test_it_finds(tmp_path: Path, text: str, rule: str) -> None:
    path = tmp_path / "0999.more.sql"
    path.write_text(text)
    lines = lint_migrations.problems([path])
    assert bool(lines) == bool(rule)
    assert rule in " ".join(lines)
