"""One vocabulary: the glossary in CONTRIBUTING, and words that name nothing here."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
APP = sorted((ROOT / "app").rglob("*.py"))
TESTS = sorted(path for path in (ROOT / "tests").rglob("*.py") if "node_modules" not in path.parts)
SQL = sorted((ROOT / "sql").rglob("*.sql"))
# Bare participles: the reader must keep in mind what was told, asked or found.
PARTICIPLES = {
    "told", "tell", "asked", "found", "given", "made", "kept", "taken", "seen", "shown", "drawn", "held", "said",
    "noted",
}  # fmt: skip
# Words of earlier versions, beside the glossary's: content set -> widget, signal -> response, rejection -> refusal …
REPLACED = re.compile(r"content_?set|signal|feelbacks|rejection|restate|veil|(?:^|_)fold(?:ed|_key)", re.IGNORECASE)
# `set` is a verb, and few names need it.
SET_VERBS = {"set_password", "set_cookie", "set_gauge", "set_up", "is_set_up"}
SET = re.compile(r"(?:^|_)sets?(?:_|$)|(?<=[a-z])Sets?(?=[A-Z]|$)|^Sets?(?=[A-Z]|$)")
# What /v0 and the published SDKs call things stays in these files.
ORIGINAL = {"app/ingest/v0.py", "app/api/v0.py", "app/http/v0_argument.py"}
# What an audit entry may say was done: the glossary's verbs, and what has no other name.
AUDIT_VERBS = {
    "created", "updated", "deleted", "archived", "unarchived", "revoked", "invited", "renamed", "retitled", "joined",
    "left", "sent", "resent", "requested", "cancelled", "downloaded", "transferred", "restored", "claimed", "read",
    "revealed", "succeeded", "failed", "merged", "unmerged",
}  # fmt: skip
GLOSSARY = (
    "account", "member", "person", "installation", "operator", "claim code", "project", "page", "widget", "placement",
    "response", "message", "option", "tally", "visit", "visitor", "network", "refusal", "window", "period",
    "comparison", "recap", "recipient", "consent", "customer", "subscription", "entitlement", "plan", "usage", "device",
    "web process", "worker", "scheduler", "supervisor", "page key", "API key", "backup", "drill", "alias", "merge",
    "release", "follow-up", "reason", "mention", "contact", "passage", "growth",
    "seen count", "triage", "status", "assignee", "tag", "note", "group", "saved view",
    "reply", "opt-out", "tracker", "issue", "directory",
    "event", "destination", "delivery",
)  # fmt: skip
# Nouns of tables that need no explanation.
PLAIN = {
    "late",
    "address", "attempt", "audit", "billing", "body", "browser", "change", "choice", "close", "code", "day",
    "deletion", "hour",
    "deleted", "delivery", "digest", "edit", "encrypted", "event", "export", "invitation", "invoice", "job", "known",
    "mail", "part", "price", "reconcile", "reconciliation", "recovery", "result", "retention", "roll", "run", "salt",
    "schema", "score", "session", "slice", "start", "state", "token", "turn", "up", "whole", "action", "api", "key",
    "check", "version", "write", "issue", "trial", "hold", "follow", "test", "opt", "out",
}  # fmt: skip


def definitions(path: Path) -> Iterator[tuple[int, str]]:
    """The names that a module defines, with their lines: functions, classes, parameters, variables, attributes."""
    yield 1, path.stem
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.lineno, node.name
        elif isinstance(node, ast.arg):
            yield node.lineno, node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.lineno, node.id
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.lineno, node.attr
        elif isinstance(node, ast.alias) and node.asname:
            yield node.lineno, node.asname


def sql_definitions(path: Path) -> Iterator[str]:
    """The names that a SQL file defines: functions, views, arguments, variables, common table expressions."""
    text = re.sub(r"--[^\n]*|'(?:[^']|'')*'", "", path.read_text())
    yield path.stem
    yield from re.findall(r"^create (?:materialized )?(?:function|procedure|view) \w+\.(\w+)", text, re.M)
    yield from re.findall(r"\b_[a-z]\w*\b", text)
    yield from re.findall(r"(?:\bwith|\),) (\w+) (?:\([^)]*\) )?as (?:materialized )?\(", text)


@pytest.mark.parametrize("path", APP + TESTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_names_are_nouns(path: Path) -> None:
    assert [f"{line}: {name}" for line, name in definitions(path) if name.strip("_") in PARTICIPLES] == []


@pytest.mark.parametrize("path", APP + TESTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_replaced_words_name_nothing(path: Path) -> None:
    if str(path.relative_to(ROOT)) in ORIGINAL:
        return
    is_about_processes = re.search(r"^import signal$", path.read_text(), re.M) is not None
    names = [
        f"{line}: {name}"
        for line, name in definitions(path)
        if REPLACED.search(name) and not (is_about_processes and "signal" in name)
    ]
    assert names == []


@pytest.mark.parametrize("path", APP, ids=lambda path: str(path.relative_to(ROOT)))
def test_set_is_no_noun(path: Path) -> None:
    functions = [
        node.name
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
    ]
    assert [name for name in functions if SET.search(name) and name.strip("_") not in SET_VERBS] == []


@pytest.mark.parametrize("path", SQL, ids=lambda path: str(path.relative_to(ROOT)))
def test_sql_names_are_nouns(path: Path) -> None:
    names = set(sql_definitions(path))
    assert {name for name in names if name.strip("_") in PARTICIPLES} == set()
    assert {name for name in names if REPLACED.search(name)} == set()
    assert {name for name in names if SET.search(name) and name.strip("_") not in SET_VERBS} == set()


def test_audit_entries_are_noun_and_verb() -> None:
    call = re.compile(r"perform fn\.add_(?:audit_entry|person_entries)\((.*?);", re.DOTALL)
    calls = [arguments for path in SQL for arguments in call.findall(path.read_text())]
    actions = {action for arguments in calls for action in re.findall(r"'([a-z_]+\.[a-z_]+)'", arguments)}
    assert len(actions) > 40
    assert {action for action in actions if re.split("[._]", action)[-1] not in AUDIT_VERBS} == set()
    known = {*GLOSSARY, "api_key", "saved_view", "recap_recipient", "invitation", "export", "mail", "sign_in"}
    assert {action.partition(".")[0] for action in actions} - known == set()


def test_glossary_is_in_contributing() -> None:
    table = (ROOT / "CONTRIBUTING.md").read_text().partition("## Glossary")[2].partition("\n## ")[0]
    cells = [line.split("|")[1] for line in table.splitlines() if line.startswith("|")][2:]
    words = [word.strip(" *") for cell in cells for word in cell.split(",")]
    assert sorted(words) == sorted(GLOSSARY)


async def test_tables_are_named_by_the_glossary(pool: "object") -> None:
    tables = await pool.fetch(  # type: ignore[attr-defined]
        "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')"
        " and not relispartition and relname !~ 'yoyo'"
    )
    known = {word for term in GLOSSARY for word in term.lower().split()} | PLAIN
    assert {row[0]: set(row[0].split("_")) - known for row in tables if set(row[0].split("_")) - known} == {}
