"""Who is in the database before the history comes: accounts, projects, content sets and contents."""

from datetime import datetime
from uuid import UUID

import psycopg

from tests.programs.bench_rollup.scale import Scale

ZONES = ("UTC", "Europe/Rome", "America/New_York", "Asia/Kathmandu")
# Each project has all of them; the share is that of its contents.
SETS = (("Votes", "updown", 0.4), ("Ratings", "rating", 0.3), ("Reactions", "reaction", 0.2), ("Ideas", "tagged", 0.1))

# Popularity falls with the number: of 100,000 contents the first has 2 % of the signals, the first 1,000 have 21 %.
# A content's project and set do not depend on it. Projects differ in size: of 200 the largest has 7 % of the contents.
TABLES = """
create schema bench;
create table bench.content_set (
    project_no integer, set_no integer, account_id uuid, project_id uuid, content_set_id uuid, zone text,
    options integer, is_text boolean, primary key (project_no, set_no)
);
create table bench.content (
    no integer primary key, account_id uuid, project_id uuid, content_set_id uuid, content_id uuid, key text, zone text,
    options integer, is_text boolean
);
"""
SET = """
insert into bench.content_set
select %(project_no)s, %(set_no)s, s.account_id, s.project_id, s.id, %(zone)s, count(*), s.type = 'tagged'
from content_set as s join option as o on o.account_id = s.account_id and o.content_set_id = s.id
where s.account_id = %(account_id)s and s.id = %(content_set_id)s
group by s.account_id, s.project_id, s.id, s.type
"""
CONTENTS = """
insert into bench.content
select
    c.no, s.account_id, s.project_id, s.content_set_id, fn.uuid_v7(%(since)s),
    format('https://www.example.com/%%s/articles/%%s-a-title-of-usual-length', s.project_no, c.no), s.zone, s.options,
    s.is_text
from (
    select no, floor(power(random(), 2) * %(projects)s)::integer as project_no,
        width_bucket(random(), %(bounds)s) as set_no
    from generate_series(0, %(contents)s - 1) as no
) as c
join bench.content_set as s using (project_no, set_no);
"""
COPIED = """
insert into content (account_id, id, content_set_id, key, created_at)
select account_id, content_id, content_set_id, key, %(since)s from bench.content
"""
COUNTED = """
update content_set as s set contents = c.n
from (select account_id, content_set_id, count(*) as n from bench.content group by 1, 2) as c
where s.account_id = c.account_id and s.id = c.content_set_id
"""


def create(connection: psycopg.Connection, scale: Scale, since: datetime) -> None:
    """Makes them as of `since`; bench.content lists the contents by their popularity."""
    connection.execute(TABLES.encode())
    connection.execute("select setseed(0.5)")
    accounts = [
        _id(connection, "select account_id from fn.create_account('Bench', %s, null, %s)", f"{n}@example.com", since)
        for n in range(scale.accounts)
    ]
    for number in range(scale.projects):
        _create_project(connection, accounts[number % len(accounts)], number, since)
    bounds = [sum((share for *_, share in SETS[:at]), 0.0) for at in range(len(SETS))]
    given = {"since": since, "projects": scale.projects, "contents": scale.contents, "bounds": bounds}
    for statement in (CONTENTS, COPIED, COUNTED):
        connection.execute(statement.encode(), given if "%" in statement else None)
    connection.execute("analyze")


def _create_project(connection: psycopg.Connection, account: UUID, number: int, since: datetime) -> None:
    zone = ZONES[number % len(ZONES)]
    project = _id(
        connection,
        "select fn.create_project(%s, 'Bench', %s, %s, '{*}', %s)", account, f"bench-{number}", zone, since,
    )  # fmt: skip
    for at, (name, type, _) in enumerate(SETS, start=1):
        content_set = _id(
            connection,
            "select fn.create_content_set(%s, %s, %s, %s, _visitor_policy => 'open', _now => %s)",
            account, project, name, type, since,
        )  # fmt: skip
        given = {"project_no": number, "set_no": at, "zone": zone, "account_id": account, "content_set_id": content_set}
        connection.execute(SET.encode(), given)


def _id(connection: psycopg.Connection, sql: str, *args: object) -> UUID:
    row = connection.execute(sql.encode(), args).fetchone()
    assert row
    return row[0]  # type: ignore[no-any-return]
