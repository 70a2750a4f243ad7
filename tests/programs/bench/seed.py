"""What is in the database before the load comes."""

from dataclasses import dataclass
from uuid import UUID

import psycopg

PLACEMENTS = 1000
KEYS = [f"https://example.com/articles/{number:04}-a-title-of-usual-length" for number in range(PLACEMENTS)]

TABLES = """
create table bench_naive (like response including all);
create table bench_pgbench (like response including all);
"""

# Over the last 28 days, two options, and counters that equal the rows.
ROWS = """
with placement as (
    select id, row_number() over (order by key) - 1 as no from placement
    where account_id = %(account)s and widget_id = %(widget)s
), row as (
    select n, now() - random() * interval '28 days' as at from generate_series(0, %(rows)s - 1) as n
)
insert into response (account_id, id, widget_id, placement_id, option_no, counted_on, created_at)
select %(account)s, fn.uuid_v7(r.at), %(widget)s, c.id, 1 + r.n / %(placements)s %% 2, (r.at at time zone
'UTC')::date, r.at
from row as r join placement as c on c.no = r.n %% %(placements)s
"""
TALLIES = """
insert into tally (account_id, placement_id, option_no, count)
select account_id, placement_id, option_no, count(*) from response
where account_id = %(account)s and widget_id = %(widget)s group by 1, 2, 3
"""
TALLY_DAYS = """
insert into tally_day (account_id, placement_id, day, option_no, count)
select account_id, placement_id, counted_on, option_no, count(*) from response
where account_id = %(account)s and widget_id = %(widget)s group by 1, 2, 3, 4
"""


@dataclass(frozen=True)
class Seeded:
    """The account, and its widgets by name."""

    account: UUID
    widgets: dict[str, UUID]


def seed(connection: psycopg.Connection, policies: dict[str, str]) -> Seeded:
    """An account with a project that every origin may send to, and a widget of votes for each name in `policies`."""
    connection.execute(TABLES.encode())
    account = _value(connection, "select account_id from fn.create_account('Bench', 'bench@example.com', null)")
    project = _value(connection, "select fn.create_project(%s, 'Bench', 'bench', 'UTC', '{*}')", account)
    widgets = {}
    for name, policy in policies.items():
        widgets[name] = _value(
            connection,
            "select fn.create_widget(%s, %s, %s, 'updown', _visitor_policy => %s)",
            account, project, name, policy,
        )  # fmt: skip
        connection.execute(
            "select fn.create_placements("
            "array_fill(%s::uuid, array[%s]), array_fill(%s::uuid, array[%s]), %s, 1000000)",
            [account, PLACEMENTS, widgets[name], PLACEMENTS, KEYS],
        )
    return Seeded(account, widgets)


def add_rows(connection: psycopg.Connection, account: UUID, widget: UUID, rows: int) -> None:
    """Puts responses into a widget that has none, evenly over its pages."""
    parameters = {"account": account, "widget": widget, "rows": rows, "placements": PLACEMENTS}
    for statement in (ROWS, TALLIES, TALLY_DAYS):
        connection.execute(statement.encode(), parameters)
    connection.execute("analyze")


def faults(connection: psycopg.Connection, widget: UUID) -> list[str]:
    """Where the counters of a widget differ from its rows."""
    differences = []
    for table, day, counted_on in (("tally", "null::date", "null::date"), ("tally_day", "t.day", "counted_on")):
        differing = _value(
            connection,
            f"""
            with counted as (
                select placement_id, option_no, {counted_on} as day, count(*) as n
                from response where widget_id = %s group by 1, 2, 3
            ), stored as (
                select t.placement_id, t.option_no, {day} as day, t.count as n
                from {table} as t join placement as c on c.account_id = t.account_id and c.id = t.placement_id
                where c.widget_id = %s and t.count > 0
            )
            select count(*)
            from ((table counted except table stored) union all (table stored except table counted)) as d
            """,
            widget, widget,
        )  # fmt: skip
        if differing:
            differences.append(f"{differing} counters of {table} differ from the rows")
    return differences


def _value(connection: psycopg.Connection, sql: str, *args: object) -> UUID:
    row = connection.execute(sql.encode(), args).fetchone()
    assert row
    return row[0]  # type: ignore[no-any-return]
