from pathlib import Path

import pytest

from app.database import rights
from app.database.rights import Right
from app.errors import ConfigError

BODY = "create function fn.thing() returns int language sql return 1;\n"


def source(folder: Path, text: str) -> Path:
    path = folder / "functions" / "things" / "thing.sql"
    path.parent.mkdir(parents=True)
    path.write_text(text)
    return folder


def test_rights_are_the_first_line_of_a_function_file(tmp_path: Path) -> None:
    assert rights.read(source(tmp_path, "-- Called by app, jobs as installation.\n" + BODY)) == [
        Right("thing", "app", "installation"),
        Right("thing", "jobs", "installation"),
    ]


def test_a_function_without_the_line_is_internal(tmp_path: Path) -> None:
    assert rights.read(source(tmp_path, "-- Two lines that say why.\n" + BODY)) == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("-- Called by web as account.\n", 'functions/things/thing.sql:1: unknown caller "web"; known are app, ingest'),
        ("-- Called by app as admin.\n", 'functions/things/thing.sql:1: unknown role "admin"; known are account'),
        ("-- Called by app, app as account.\n", "functions/things/thing.sql:1: a caller stands twice"),
        ("-- Called by app as account\n", "functions/things/thing.sql:1: rights must be the first line"),
        ("--called by app as account.\n", "functions/things/thing.sql:1: rights must be the first line"),
        ("-- Called by nobody.\n", "functions/things/thing.sql:1: rights must be the first line"),
        (BODY + "-- Called by app as account.\n", "functions/things/thing.sql:2: rights must be the first line"),
        (
            "-- Called by app as account.\n-- Called by jobs as account.\n",
            "functions/things/thing.sql:2: rights must be the first line",
        ),
    ],
)
def test_a_wrong_line_is_refused_by_file_and_line(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ConfigError) as error:
        rights.read(source(tmp_path, text))
    assert f"sql/{message}" in str(error.value)
