"""`feelback project create`, `widget create` and `key create`."""

import json
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest
from click.testing import CliRunner

from app.__main__ import cli
from app.commands import creation
from app.errors import FeelbackError
from app.text import slugs
from tests.support.settings import SECRET

ROOT = Path(__file__).parent.parent.parent


def feelback(database: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command on the database in its own process."""
    return subprocess.run(
        [sys.executable, "-m", "app", *arguments],
        cwd=ROOT,
        env={"DATABASE_URL": database, "SECRET_KEY": SECRET, "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


def failure(database: str, *arguments: str) -> str:
    """Run a command that fails, in this process; returns the error message."""
    outcome = CliRunner().invoke(cli, arguments, env={"DATABASE_URL": database, "SECRET_KEY": SECRET})
    assert outcome.exit_code != 0
    error = outcome.exception
    assert isinstance(error, FeelbackError | SystemExit), error
    return error.message if isinstance(error, FeelbackError) else outcome.output


def create(database: str, *arguments: str) -> dict[str, object]:
    """Run a command that creates something; returns its JSON."""
    outcome = feelback(database, *arguments, "--json")
    assert outcome.returncode == 0, outcome.stderr
    return json.loads(outcome.stdout)


@pytest.mark.parametrize(
    ("text", "origin"),
    [
        ("https://Пример.рф/", "https://xn--e1afmkfd.xn--p1ai"),
        ("http://*.müller.example:8080", "http://*.xn--mller-kva.example:8080"),
        ("HTTPS://example.com:443", "https://example.com"),
        ("http://[::1]:80/", "http://[::1]"),
        ("https://example.com:80", "https://example.com:80"),
        ("*", "*"),
    ],
)
def test_origins_are_normalised_as_browsers_do(text: str, origin: str) -> None:
    assert slugs.origin(text) == origin


async def test_a_project_a_widget_and_a_key_are_created(database: str, pool) -> None:
    project = create(database, "project", "create", "My Blog", "--origin", "https://Example.com/")
    assert project["slug"] == "my-blog"
    assert project["origins"] == ["https://example.com"]
    widget = create(
        database,
        *("widget", "create", "--project", "my-blog", "--name", "Stars", "--type", "rating", "--options", "1..10"),
        *("--policy", "open", "--window", "30m"),
    )
    assert [option["value"] for option in widget["options"]] == [str(n) for n in range(1, 11)]
    assert widget["windowSeconds"] == 1800
    key = create(database, "key", "create", "--project", "my-blog", "--kind", "write")
    assert (key["scope"], key["key"].startswith("fbk_manage_")) == (
        "manage",
        True,
    )  # as scripts of versions before call it
    await pool.execute("delete from api_key")
    key = create(database, "key", "create", "--project", "my-blog")
    assert (key["scope"], key["key"].startswith("fbk_send_")) == ("send", True)
    row = await pool.fetchrow("select token_hash, hint from api_key where scope = 'send'")
    assert row["token_hash"] == sha256(key["key"].encode()).digest()
    assert row["hint"] == key["key"][-4:]


def test_a_preset_brings_its_follow_ups(database: str) -> None:
    create(database, "project", "create", "Docs")
    arguments = ("widget", "create", "--project", "docs", "--type", "yesno", "--name")
    widget = create(database, *arguments, "Helpful?", "--options", "docs")
    assert isinstance(widget["followUps"], list)
    assert [(each["option"], len(each["reasons"])) for each in widget["followUps"]] == [("y", 5), ("n", 7)]
    assert create(database, *arguments, "Plain")["followUps"] == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("project", "create", "X", "--time-zone", "Europe/Rom"), "There is no time zone Europe/Rom."),
        (("project", "create", "X", "--origin", "ftp://example.com"), "example.com is not an origin."),
        (("project", "create", "X", "--slug", "No Good"), "The slug must have"),
        (("widget", "create", "--project", "none", "--name", "x", "--type", "pulse"), "There is no project none."),
        (
            ("widget", "create", "--project", "p", "--name", "x", "--type", "reaction", "--options", "nope"),
            "no preset nope",
        ),
        (
            ("widget", "create", "--project", "p", "--name", "x", "--type", "yesno", "--options", "a,b,c"),
            "must have 2 options, not 3",
        ),
        (
            ("widget", "create", "--project", "p", "--name", "x", "--type", "rating", "--options", "a,b"),
            "whole numbers",
        ),
        (
            ("widget", "create", "--project", "p", "--name", "x", "--type", "reaction", "--options", "a=2"),
            "between -1 and 1",
        ),
        (
            ("widget", "create", "--project", "p", "--name", "x", "--type", "reaction", "--options", "a,a"),
            "the same value",
        ),
        (
            ("widget", "create", "--project", "p", "--name", "x", "--type", "pulse", "--fields", "[]]"),
            "must be valid JSON",
        ),
        (
            ("widget", "create", "--project", "p", "--name", "x", "--type", "form", "--fields", '[{"name":"1"}]'),
            "Each field must be",
        ),
        (("widget", "create", "--project", "p", "--name", "x", "--type", "form"), "A form needs fields"),
        (("widget", "create", "--project", "p", "--name", "x", "--type", "pulse", "--window", "soon"), "use never"),
        (("widget", "create", "--project", "p", "--name", "taken", "--type", "pulse"), "already has a widget taken"),
    ],
)
def test_errors_say_what_is_wrong(database: str, arguments: tuple[str, ...], message: str) -> None:
    commands = [
        ("project", "create", "P"),
        ("widget", "create", "--project", "p", "--name", "taken", "--type", "pulse"),
    ]
    for command in commands:
        CliRunner().invoke(cli, command, env={"DATABASE_URL": database, "SECRET_KEY": SECRET}, catch_exceptions=False)
    assert message in failure(database, *arguments)


def test_an_error_has_no_traceback(database: str) -> None:
    outcome = feelback(database, "widget", "create", "--project", "none", "--name", "x", "--type", "pulse")
    assert outcome.returncode == 1
    assert outcome.stderr == "Error: There is no project none. Create it: feelback project create\n"


def test_options_are_parsed() -> None:
    assert creation.read_options(None) == (None, None)
    assert creation.read_options("github") == ("github", None)
    options = json.loads(creation.read_options("good=1, so so=0,a=b=-0.5,plain")[1] or "")
    assert options == [
        {"value": "good", "weight": 1.0},
        {"value": "so so", "weight": 0.0},
        {"value": "a=b", "weight": -0.5},
        {"value": "plain"},
    ]
    with pytest.raises(FeelbackError):
        creation.read_options("10..1")


@pytest.mark.parametrize("group", [[], ["project"], ["widget"], ["key"], ["widget", "create"]])
def test_groups_have_help(group: list[str]) -> None:
    help = CliRunner().invoke(cli, [*group, "--help"])
    assert help.exit_code == 0
    assert len(help.output.splitlines()) > 5
