"""A statement uses the rows of one tenant, so that a database that is distributed by account runs it on one node.

`docs/scaling.md` says what becomes of the functions that are listed here.
"""

import re
from pathlib import Path

import psycopg
import pytest

from app.database import distributed_functions
from app.database.migrate import SQL
from tests.support import tenant_statements
from tests.support.citus import reads_text
from tests.support.tenant_statements import Function, Statement

BATCH = "Takes a batch of several tenants, and of one where tenants are distributed: see distributed_functions."
# Functions that use rows of several tenants in a statement, by the reason why they do.
CROSS_TENANT = {
    "Figures of the whole installation, for its operator and the command line.": """
        billing_state claim_state demo_owner demo_project installation installation_accounts installation_insights
        make_operator project_by_slug reconcile_state unowned_account""",
    "Finds the tenant of what does not name it: a token, an API key, the id of a widget, a customer of Stripe.": """
        customer_account customer_orders directory_account installation_trackers record_delivery
        report_missing_customer update_installation""",
    "Follows a person through all accounts of which they are a member.": """
        add_person_entries delete_people delete_person first_account stored_mail make_account owned_accounts
        session_actor use_email_change""",
    "Finds the next work of whichever tenant has some.": """
        billing_customers claim_billing_event claim_delivery claim_export claim_issue claim_merge
        due_projects enqueue_unlisted match_events next_work_at""",
    "Finds the accounts that have work, for fn.run_by_account, which does it for each.": """
        changed_accounts deleted_message_accounts deletion_accounts destination_accounts due_recaps grace_end_accounts
        new_tallies old_audit_accounts old_hold_accounts old_visit_accounts payment_accounts retention_accounts
        unclosed_accounts ungathered_messages unrolled_accounts usage_accounts vote_accounts""",
    "A job that works on all tenants at once.": """
        drop_empty_months emit_overdue_jobs""",
    BATCH: """
        add_reason_tallies add_refusals add_seen_counts add_tallies create_placements emit_responses
        gather_late_messages ingest_responses name_pages notify_messages reason_tallies refuse_visits seen_tallies
        take_network_day tallies update_responses""",
}
# Functions that write their SQL at run time, which the test does not read.
DYNAMIC = """
    create_partitions delete_old_job_runs drop_empty_months job_runs propagate_actor purge_account purge_batch
    purgeable_accounts reconcile_step run_by_account similar_messages
"""
NAMES = [name for names in CROSS_TENANT.values() for name in names.split()]
TABLES = """
    select c.relname from pg_class as c
    join pg_attribute as a on a.attrelid = c.oid and a.attname = 'account_id'
    where c.relnamespace in ('public'::regnamespace, 'fn'::regnamespace) and c.relkind in ('r', 'p', 'v')
"""
FUNCTIONS = """
    select p.oid::regprocedure::text, l.lanname, pg_get_functiondef(p.oid),
        coalesce(pg_get_function_sqlbody(p.oid), p.prosrc)
    from pg_proc as p join pg_language as l on l.oid = p.prolang
    where p.pronamespace = 'fn'::regnamespace order by 1
"""
LIMITED = [
    "select from public.page as p where p.account_id = _account_id",
    "select from public.page where account_id = _account_id",
    "select from public.page as p where p.account_id = (_row).account_id",
    "select from public.page as p where p.account_id = _row.account_id and (p.archived_at is null or p.key = '/')",
    "select from public.page as p join public.widget as w using (account_id, project_id)"
    " where w.account_id = _account_id",
    "select from public.page as p, public.widget as w where (p.account_id, p.id) = (w.account_id, _id)"
    " and w.account_id = _account_id",
    "select from public.page as p left join public.widget as w on w.account_id = p.account_id"
    " where p.account_id = _account_id",
    "select (select count(*) from public.page as p where p.account_id = a.id)"
    " from public.account as a where a.id = _account_id",
    "with p as (select * from public.page where account_id = _account_id)"
    " delete from public.placement as c using p where c.account_id = p.account_id",
    "with p as (delete from public.page as p where p.account_id = _account_id returning p.*)"
    " select from public.placement as c join p on c.account_id = p.account_id",
    "insert into public.page (id, account_id) values (_id, _account_id)",
    "insert into public.page (account_id, id) select w.account_id, w.id from public.widget as w"
    " where w.account_id = _account_id",
    "insert into public.page select (_page).*",
    "insert into public.page values ((_page).*)",
    "update public.page as p set key = '/' from public.widget as w"
    " where w.account_id = _account_id and p.account_id = w.account_id",
    "select from public.page as p where (p.account_id, p.id) in ("
    "select w.account_id, w.id from public.widget as w where w.account_id = _account_id)",
    "select from (select p.account_id from public.page as p where p.account_id = _account_id"
    " union all select w.account_id from public.widget as w where w.account_id = _account_id) as u"
    " join public.placement as c on c.account_id = u.account_id",
]
UNLIMITED = [
    ("select from public.page as p", ["page"]),
    ("select from public.page as p where p.id = _id", ["page"]),
    ("select from public.page as p where p.account_id = _account_id or p.id = _id", ["page"]),
    ("select from public.page as p where _account_id is null or p.account_id = _account_id", ["page"]),
    ("select from public.page as p where p.account_id = any (_account_ids)", ["page"]),
    ("select from public.page as p where p.account_id = _account_ids[1]", ["page"]),
    ("select from public.page as p where p.account_id <> _account_id", ["page"]),
    ("select from public.page as p join unnest(_ids) as i (account_id) on i.account_id = p.account_id", ["page"]),
    ("select from public.page as p, public.widget as w where p.account_id = w.account_id", ["page", "widget"]),
    ("select from public.page as p, public.widget as w where p.account_id = _account_id", ["widget"]),
    ("select from public.page as p where p.account_id = _account_id"
     " and exists (select from public.widget as w where w.id = p.id)", ["widget"]),
    ("insert into public.page (account_id, id) select a, _id from unnest(_account_ids) as a", ["page"]),
    ("insert into public.page (account_id, id) select w.account_id, w.id from public.widget as w", ["page", "widget"]),
    ("delete from public.page as p using public.account as a where a.id = p.account_id", ["page"]),
    ("select from (select p.account_id from public.page as p union all"
     " select w.account_id from public.widget as w where w.account_id = _account_id) as u", ["page"]),
    ("with p as (delete from public.page returning *) select from p", ["page"]),
]  # fmt: skip


@pytest.fixture(scope="module")
def tables(module_database: str) -> list[str]:
    """The tables and views of tenants."""
    with psycopg.connect(module_database) as connection:
        return [name for (name,) in connection.execute(TABLES)]


@pytest.fixture(scope="module")
def defined(module_database: str) -> dict[str, list[Function]]:
    """Functions by their name, of which several may have the same."""
    result: dict[str, list[Function]] = {}
    with psycopg.connect(module_database) as connection:
        for row in connection.execute(FUNCTIONS).fetchall():
            function = Function(*row)
            result.setdefault(function.name.partition("(")[0].removeprefix("fn."), []).append(function)
    return result


@pytest.fixture(scope="module")
def statements(defined: dict[str, list[Function]], tables: list[str]) -> dict[str, list[Statement]]:
    """The statements of each function."""
    return {
        name: [s for function in each for s in tenant_statements.statements(function, tables)]
        for name, each in defined.items()
    }


def test_a_statement_uses_rows_of_one_tenant(statements: dict[str, list[Statement]]) -> None:
    faults = {
        name: [f"{', '.join(s.faults)}: {s.text}" for s in reading if s.faults]
        for name, reading in statements.items()
        if name not in NAMES
    }
    assert not {name: reading for name, reading in faults.items() if reading}


@reads_text
def test_the_list_has_no_function_that_need_not_be_on_it(statements: dict[str, list[Statement]]) -> None:
    assert sorted(NAMES) == sorted(name for name, reading in statements.items() if any(s.faults for s in reading))


@reads_text
@pytest.mark.parametrize("name", CROSS_TENANT[BATCH].split())
def test_a_batch_of_one_tenant_uses_its_rows_alone(
    name: str, defined: dict[str, list[Function]], tables: list[str]
) -> None:
    for function in defined[name]:
        definition = distributed_functions.of_one_account(function.definition, "fn")
        one = function._replace(definition=definition)
        assert not [s for s in tenant_statements.statements(one, tables) if s.faults]


def test_functions_that_write_sql_are_listed() -> None:
    written = {
        path.stem for path in (SQL / "functions").glob("*/*.sql") if re.search(r"\bexecute\s+(?!function)", _code(path))
    }
    assert written == set(DYNAMIC.split())


def test_functions_that_read_tenants_are_in_plpgsql() -> None:
    # A node of Citus cannot run a function in SQL that reads tables of tenants, where a statement calls it there.
    written = {path.stem: _code(path) for path in (SQL / "functions").glob("*/*.sql")}
    reads = re.compile(r"\b(public\.\w|fn\.scored_option)")
    reading = {name for name, text in written.items() if "language sql" in text and reads.search(text)}
    assert reading == {"delete_web_process", "next_drill", "server_state"}  # of the whole installation


def test_it_calls_nothing_that_writes_elsewhere(
    defined: dict[str, list[Function]], statements: dict[str, list[Statement]], tables: list[str]
) -> None:
    # On Citus a statement of an account's tables runs on its node, with the functions that it calls, where the
    # coordinator's tables are not.
    text = {name: " ".join(s.text for s in reading) for name, reading in statements.items()}
    written = re.compile(r"\b(?:insert into|update|delete from)\s+public\.(\w+)", re.IGNORECASE)
    called = re.compile(r"\bfn\.(\w+)\(")
    writing, before = {name for name, body in text.items() if set(written.findall(body)) - set(tables)}, set[str]()
    while before != writing:
        before = set(writing)
        writing |= {name for name, body in text.items() if before & set(called.findall(body))}
    read = re.compile(rf"\b(?:from|join|using)\s+public\.({'|'.join(tables)})\b", re.IGNORECASE)
    loop = re.compile(r"\bfor\b.*\bloop\b", re.IGNORECASE | re.DOTALL)
    assert {
        (name, call)
        for name, reading in statements.items()
        for s in reading
        if read.search(s.text) and not loop.search(s.text)
        for call in writing & set(called.findall(s.text))
    } == set()


def test_the_panel_copies_no_rows(statements: dict[str, list[Statement]], module_database: str) -> None:
    # Of an `insert … select` without `on conflict` or `returning` Citus makes a COPY, which row-level security refuses.
    with psycopg.connect(module_database) as connection:
        acts_as = dict(connection.execute("select distinct name, acts_as from fn.callable").fetchall())
    run_by_panel, before = {name for name, role in acts_as.items() if role == "account"}, set[str]()
    while before != run_by_panel:
        before = set(run_by_panel)
        calls = {call for name in before for s in statements[name] for call in re.findall(r"\bfn\.(\w+)\(", s.text)}
        run_by_panel |= {name for name in calls if name in statements and acts_as.get(name, "caller") == "caller"}
    copied = re.compile(r"insert into public\.\w+ (?:as \w+ )?\([^)]*\)\s*(?:select|with)", re.IGNORECASE)
    assert {
        name
        for name in run_by_panel
        for s in statements[name]
        if copied.search(s.text) and not re.search(r"\b(on conflict|returning)\b", s.text, re.IGNORECASE)
    } == {"rebuild_windows", "store_periods"}  # called where fn.can_do_at_once, which is not on Citus


def test_it_reads_every_statement(statements: dict[str, list[Statement]]) -> None:
    assert len(statements) > 600
    assert all(statements.values())


@pytest.mark.parametrize("text", LIMITED)
def test_it_follows_the_account(text: str) -> None:
    (statement,) = tenant_statements.statements(_function(text), ["page", "placement", "widget"])
    assert not statement.faults


@pytest.mark.parametrize(("text", "tables"), UNLIMITED)
def test_it_finds_a_table_without_the_account(text: str, tables: list[str]) -> None:
    (statement,) = tenant_statements.statements(_function(text), ["page", "placement", "widget"])
    assert list(statement.faults) == tables


def test_it_reads_what_plpgsql_evaluates() -> None:
    definition = """create function fn.f(_account_id uuid) returns void language plpgsql as $$
        declare _page record; _count integer := (select count(*) from public.page);
        begin
            _count := (select count(*) from public.widget);
            if exists (select from public.placement as c where c.account_id = _account_id) then
                for _page in select * from public.page loop
                    perform from public.widget as w where w.account_id = _page.account_id;
                end loop;
            end if;
        end $$"""
    reading = tenant_statements.statements(
        Function("fn.f(uuid)", "plpgsql", definition, ""), ["page", "placement", "widget"]
    )
    assert [s.faults for s in reading if "public" in s.text and s.faults] == [("page",), ("widget",), ("page",)]


def _code(path: Path) -> str:
    return re.sub(r"--[^\n]*", "", path.read_text().partition("\ncomment on")[0])


def _function(text: str) -> Function:
    return Function("fn.f(uuid)", "sql", "", text)
