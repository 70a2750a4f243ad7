"""The types of a widget are listed once, in the view fn.widget_type; everything else agrees with it."""

import ast
import re
from pathlib import Path

import asyncpg
import pytest

from app.text import widget_types
from app.text.widget_types import WIDGET_TYPES

ROOT = Path(__file__).parent.parent.parent
NAMES = frozenset(widget_types.NAMES)
GROUPS = {
    frozenset(group)
    for include in (
        widget_types.WITH_TEXT, widget_types.JUDGING, widget_types.NUMERIC, widget_types.WITH_OPTIONS,
        widget_types.VOTES,
    )
    for group in (include, NAMES - include)
}  # fmt: skip
LIST = re.compile(r"""[(\[]\s*((?:'\w+'|"\w+")(?:\s*,\s*(?:'\w+'|"\w+"))+)\s*[)\]]""")
# SQL on a hot path, or a function that is inlined: a literal list of a group there spares the join.
SQL_WITH_LISTS = {
    "exported_responses", "newest_messages", "new_messages", "update_messages", "matching_messages", "gather_messages",
    "inbox_message", "recap_messages", "judges", "ranking_score", "check_options", "new_options",
    "update_options",
}  # fmt: skip


def type_lists(text: str) -> list[frozenset[str]]:
    """Every literal list of two or more names in `text` that are all types of a widget."""
    lists = (frozenset(re.findall(r"\w+", match)) for match in LIST.findall(text))
    return [names for names in lists if len(names) > 1 and names <= NAMES]


async def test_python_equals_the_view(pool: "asyncpg.Pool[asyncpg.Record]") -> None:
    columns = ", ".join(WIDGET_TYPES[0]._fields)
    rows = await pool.fetch(f"select {columns} from fn.widget_type order by position")
    assert [tuple(row) for row in rows] == [tuple(type) for type in WIDGET_TYPES]


async def test_the_function_that_spares_the_join_equals_the_view(pool: "asyncpg.Pool[asyncpg.Record]") -> None:
    rows = await pool.fetch("select name from fn.widget_type where fn.judges(name) is distinct from is_judging")
    assert rows == []


async def test_every_type_has_a_preset_and_can_be_created(pool: "asyncpg.Pool[asyncpg.Record]") -> None:
    assert {row[0] for row in await pool.fetch("select distinct type from fn.preset")} == NAMES


@pytest.mark.parametrize("path", sorted((ROOT / "sql" / "functions").rglob("*.sql")), ids=lambda path: path.stem)
def test_lists_in_sql_are_groups_of_the_view(path: Path) -> None:
    lists = type_lists(path.read_text())
    if path.stem == "preset_options":  # a tagged widget may have the options of these two as its tags
        lists.remove(frozenset(("reaction", "updown")))
    assert set(lists) <= GROUPS
    if path.stem not in SQL_WITH_LISTS:
        assert lists == [], "join fn.widget_type"


@pytest.mark.parametrize(
    "path", sorted((ROOT / "app").rglob("*.py")), ids=lambda path: str(path.relative_to(ROOT / "app"))
)
def test_python_lists_no_group_again(path: Path) -> None:
    if path.stem == "widget_types":
        return
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Tuple | ast.List | ast.Set):
            names = {item.value for item in node.elts if isinstance(item, ast.Constant)}
            assert not (len(names) == len(node.elts) and names in GROUPS | {NAMES}), f"line {node.lineno}"


@pytest.mark.parametrize(
    "path", sorted((ROOT / "templates").rglob("*.*")), ids=lambda path: str(path.relative_to(ROOT / "templates"))
)
def test_templates_list_no_group_again(path: Path) -> None:
    assert not set(type_lists(path.read_text())) & (GROUPS | {NAMES})


@pytest.mark.parametrize("name", ["react", "vue"])
def test_sdk_has_a_component_for_every_type(name: str) -> None:
    components = re.findall(
        r'= component\("([\w-]+)"\)', (ROOT / "static" / "packages" / name / "index.js").read_text()
    )
    assert [component.removesuffix("-message") for component in components] == list(widget_types.NAMES)
