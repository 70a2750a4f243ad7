"""The house rules, as tests."""

import ast
import dataclasses
import graphlib
import importlib
import itertools
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import asyncpg
import pytest

from app.database import rights
from app.queries import exports
from app.worker.kinds import KINDS
from tests.programs import slices

ROOT = Path(__file__).parent.parent
APP = sorted((ROOT / "app").rglob("*.py"))
FUNCTIONS = sorted((ROOT / "sql" / "functions").glob("*/*.sql"))
VIEWS = sorted((ROOT / "sql" / "views").glob("*.sql"))
# Which files alone may import a library, by folder or file under app/.
OWNERS = {
    "asyncpg": ("database/",),
    "stripe": ("billing/",),
    "httpcore": ("webhooks/exchange.py",),
    "matplotlib": ("recaps/chart_shapes.py", "recaps/charts.py"),
    "aiosmtplib": ("mail/smtp.py",),
    "css_inline": ("mail/message.py",),
    "boto3": ("backups/s3.py",),
    "botocore": ("backups/s3.py",),
    "sentry_sdk": ("telemetry/sentry.py",),
    "prometheus_client": ("telemetry/",),
    "pyotp": ("panel/sign_in/totp.py",),
    "pygments": ("site/code.py",),
    "sqlite3": ("text/full_text.py",),
    "hypercorn": ("server/hypercorn_",),
    "h11": ("server/hypercorn_",),
    "uvicorn": ("server/uvicorn_cycle.py", "server/uvicorn_protocol.py", "server/uvicorn_server.py"),
    "httptools": ("server/uvicorn_protocol.py",),
    "psycopg": ("backups/", "database/"),
    "quart": ("api/", "http/", "panel/", "server/", "site/", "commands/site.py"),
}
# Folders from the ground up: each imports only from those on lines above its own.
LAYERS = (
    ("errors", "processes"),
    ("text", "config"),
    ("database",),
    ("queries", "backups", "billing"),
    ("mail", "fly", "http", "webhooks"),
    ("recaps", "ingest"),
    ("worker", "telemetry", "panel"),
    ("api",),
    ("site",),
    ("server",),
    ("commands",),
    ("__main__",),
)


# How many lines a file may have; CONTRIBUTING says so too.
LONGEST = {"app/**/*.py": 250, "static/css/**/*.css": 400}


class Statement(NamedTuple):
    """A SQL literal in the code, and the row class that its columns become, if any."""

    where: str
    sql: str
    row: type | None


def imports(path: Path) -> set[str]:
    """The modules that a file imports."""
    modules: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            modules |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            modules |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return modules


def statements() -> Iterator[Statement]:
    """Every SQL literal of app/queries that is sent through db."""
    for path in sorted((ROOT / "app" / "queries").glob("*.py")):
        module = importlib.import_module(f"app.queries.{path.stem}")
        for call in (node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)):
            if not isinstance(call.func, ast.Attribute) or call.func.attr not in (
                "many",
                "one",
                "row",
                "value",
                "fetch",
            ):
                continue
            arguments = [value(argument, module) for argument in call.args[:3]]
            sql = next((part for part in arguments if isinstance(part, str)), None)
            row = next((part for part in arguments if isinstance(part, type)), None)
            if sql is not None:
                yield Statement(f"{path.stem}:{call.lineno}", sql, row)


def value(node: ast.expr, module: Any) -> Any:
    """What a literal or a name of the module stands for, or None."""
    if isinstance(node, ast.Constant):
        return node.value
    return getattr(module, node.id, None) if isinstance(node, ast.Name) else None


STATEMENTS = list(statements())
RIGHTS = rights.read(ROOT / "sql")
FUNCTION = re.compile(r"\bfn\.(\w+)")
BODIES = {path.stem: path.read_text().split("comment on")[0] for path in FUNCTIONS}


def test_it_finds_the_statements() -> None:
    assert len(STATEMENTS) > 15
    assert any(statement.row for statement in STATEMENTS)


def folder(module: str) -> str:
    """The folder directly under app/ that a module is in, or its own name at the root."""
    return module.split(".")[1] if "." in module else module


def graph(depth: int) -> dict[str, set[str]]:
    """Which folders of app/ import which, `depth` folders deep; a module at the root counts as a folder."""
    modules = {name(path): path for path in APP}

    def place(module: str) -> str:
        parent = module.split(".") if modules[module].name == "__init__.py" else module.split(".")[:-1]
        return ".".join(parent[: depth + 1]) if len(parent) > 1 else module

    edges: dict[str, set[str]] = {}
    for module, path in modules.items():
        for target in imports(path) & modules.keys():
            if place(target) != place(module) and target != "app":
                edges.setdefault(place(module), set()).add(place(target))
    return edges


def name(path: Path) -> str:
    """The module that a file is."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@pytest.mark.parametrize("depth", [1, 2])
def test_folders_have_no_import_cycle(depth: int) -> None:
    graphlib.TopologicalSorter(graph(depth)).prepare()  # raises CycleError, which names the cycle


def test_folders_import_downwards() -> None:
    level = {name: number for number, layer in enumerate(LAYERS) for name in layer}
    edges = graph(1)
    assert {part.split(".")[1] for part in {*edges, *itertools.chain(*edges.values())}} <= level.keys()
    upwards = [
        f"{source} imports {target}"
        for source, targets in edges.items()
        for target in targets
        if level[folder(target)] >= level[folder(source)]
    ]
    assert upwards == []


@pytest.mark.parametrize("path", APP, ids=lambda path: str(path.relative_to(ROOT)))
def test_only_owners_import_a_library(path: Path) -> None:
    libraries = {name.split(".")[0] for name in imports(path)}
    for library, owners in OWNERS.items():
        if library in libraries:
            assert str(path.relative_to(ROOT / "app")).startswith(owners), f"only {owners} may import {library}"


@pytest.mark.parametrize(
    "path", [path for part in ("panel", "site", "http") for path in sorted((ROOT / "app" / part).rglob("*.py"))],
    ids=lambda path: str(path.relative_to(ROOT)),
)  # fmt: skip
def test_handlers_hold_no_sql(path: Path) -> None:
    statement = r"\bfn\.\w+\(|\bselect\b.+\bfrom\b|\binsert into\b|\bdelete from\b|\bupdate \w+ set\b"
    assert re.findall(statement, path.read_text()) == []


@pytest.mark.parametrize("path", FUNCTIONS, ids=lambda path: path.stem)
def test_it_names_a_function_s_file_after_it(path: Path) -> None:
    text = path.read_text()
    created = re.findall(r"^create (?:function|procedure) fn\.(\w+)", text, re.M)
    assert set(created) == {path.stem}
    assert re.search(rf"^comment on (?:function|procedure) fn\.{path.stem}\b", text, re.M)
    # A body that is parsed when it is created has its names resolved then; a setting would keep it from being inlined.
    # A procedure that commits, or calls one that does, cannot have a setting, and so names every schema.
    commits = re.search(r"^ +(commit;|call fn\.)", text, re.M) is not None
    assert text.count("set search_path = pg_catalog, pg_temp") + len(
        re.findall(r"^return\b", text, re.M)
    ) + commits == len(created)


@pytest.mark.parametrize("path", VIEWS, ids=lambda path: path.stem)
def test_it_names_a_view_s_file_after_it(path: Path) -> None:
    text = path.read_text()
    assert re.findall(r"^create view fn\.(\w+)", text, re.M) == [path.stem]
    assert f"comment on view fn.{path.stem} " in text


def test_it_has_a_file_for_every_function_of_a_name() -> None:
    assert len({path.stem for path in FUNCTIONS}) == len(FUNCTIONS)


async def test_it_comments_on_every_function_and_table(pool: "asyncpg.Pool[asyncpg.Record]") -> None:
    bare = await pool.fetch(
        "select proname from pg_proc where pronamespace = 'fn'::regnamespace and obj_description(oid) is null"
    )
    assert [row[0] for row in bare] == []


@pytest.mark.parametrize("statement", STATEMENTS, ids=lambda statement: statement.where)
async def test_it_prepares_every_statement(pool: "asyncpg.Pool[asyncpg.Record]", statement: Statement) -> None:
    async with pool.acquire() as connection:
        names = [column.name for column in (await connection.prepare(statement.sql)).get_attributes()]
    if statement.row is not None:
        wanted = getattr(statement.row, "_fields", None) or [f.name for f in dataclasses.fields(statement.row)]
        assert names == list(wanted)


async def test_every_function_called_states_its_rights() -> None:
    named = {right.name for right in RIGHTS if right.caller != "panel"}
    assert called_from_python() - named == set()


async def test_every_caller_stated_is_real(pool: "asyncpg.Pool[asyncpg.Record]") -> None:
    known = {row[0] for row in await pool.fetch("select rolname from pg_roles")}
    assert {f"feelback_{right.caller}" for right in RIGHTS} <= known
    commands = {
        row[0]
        for row in await pool.fetch(
            "select command from fn.job union all select concat_ws(' ', accounts, work, finish) from fn.account_job"
        )
    }
    by_jobs = {name for command in commands for name in FUNCTION.findall(command)}
    # A function that acts as its caller calls others with the rights of that role.
    by_account, by_caller = (
        set[str]().union(*(internal_calls(right.name) for right in RIGHTS if right.acts_as == acts_as))
        for acts_as in ("account", "caller")
    )
    by_scheduler = set(FUNCTION.findall((ROOT / "app" / "database" / "jobs.py").read_text()))
    called = called_from_python() | by_jobs | by_caller | by_scheduler
    uncalled = [right for right in RIGHTS if right.name not in (by_account if right.caller == "panel" else called)]
    assert uncalled == []


def called_from_python() -> set[str]:
    """Names of the SQL functions in the string literals of app/queries, and of what sets the actor."""
    literals = (
        node.value
        for path in [*(ROOT / "app" / "queries").glob("*.py"), ROOT / "app" / "database" / "tenant.py"]
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )
    kinds = {f"exported_{kind}" for kind in exports.KINDS}
    return kinds | {name for literal in literals for name in FUNCTION.findall(literal)} - {"exported_"}


def internal_calls(name: str, visited: frozenset[str] = frozenset()) -> set[str]:
    """Names of the functions that the SQL function `name` calls, directly or through another one."""
    direct = set(FUNCTION.findall(BODIES.get(name, ""))) - visited - {name}
    return direct.union(*(internal_calls(each, visited | direct | {name}) for each in direct))


async def test_it_leads_every_tenant_table_s_key_with_the_account(pool: "asyncpg.Pool[asyncpg.Record]") -> None:
    rows = await pool.fetch(
        """
        select c.relname, (
            select a.attname from pg_index as i
            join pg_attribute as a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
            where i.indrelid = c.oid and i.indisprimary
        ) as first
        from pg_class as c
        join pg_attribute as t on t.attrelid = c.oid and t.attname = 'account_id'
        where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
        """
    )
    assert len(rows) > 10
    # The directory finds the account.
    assert {row["relname"]: row["first"] for row in rows if row["first"] != "account_id"} == {"directory": "lookup_key"}


async def test_it_runs_every_job(pool: "asyncpg.Pool[asyncpg.Record]") -> None:
    jobs = await pool.fetch("select name, command from fn.job")
    assert jobs
    for job in jobs:
        await pool.execute(job["command"])


async def test_it_has_a_handler_for_every_kind_of_work(pool: "asyncpg.Pool[asyncpg.Record]") -> None:
    kinds = {(row["name"], row["channel"]) for row in await pool.fetch("select name, channel from fn.work_kind")}
    assert {(kind.name, kind.channel) for kind in KINDS} == kinds
    notified = {name for path in FUNCTIONS for name in re.findall(r"pg_notify\('(\w+)'", path.read_text())}
    # For these it is open screens that wait, and no worker.
    assert notified - {"message", "response", "figures"} == {channel for _, channel in kinds}


async def test_it_says_of_every_migration_how_it_is_undone() -> None:
    migrations = [path for path in (ROOT / "migrations").glob("*.sql") if ".rollback." not in path.name]
    assert migrations
    for path in migrations:
        assert path.with_suffix(".rollback.sql").is_file(), path.name


def test_it_calls_no_function_from_a_migration() -> None:
    for path in (ROOT / "migrations").glob("*.sql"):
        assert "fn." not in path.read_text(), f"{path.name}: functions come later and may change"


def test_one_word_finds_the_slice_of_a_route_module() -> None:
    modules = slices.slices()
    assert len(modules) > 30
    assert slices.percentage(modules) >= 90, [each for each in modules if each.missing]


@pytest.mark.parametrize("glob", LONGEST)
def test_files_are_short(glob: str) -> None:
    lines = {path.relative_to(ROOT): len(path.read_text().splitlines()) for path in ROOT.glob(glob)}
    assert lines
    assert {path: count for path, count in lines.items() if count > LONGEST[glob]} == {}


def test_root_of_app_is_small() -> None:
    assert len(list((ROOT / "app").glob("*.py"))) <= 4


def test_tests_share_helpers_through_support() -> None:
    modules = (path for path in (ROOT / "tests").rglob("*.py") if "node_modules" not in path.parts)
    borrowed = [
        f"{path.relative_to(ROOT)} imports {module}"
        for path in modules
        for module in imports(path)
        if re.fullmatch(r"tests\.(\w+\.)*(test_\w+|conftest)", module)
    ]
    assert borrowed == []
