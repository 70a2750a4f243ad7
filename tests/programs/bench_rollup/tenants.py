"""Who is in the database before the history comes: accounts, projects, widgets and pages."""

from datetime import datetime
from uuid import UUID

import psycopg

from tests.programs.bench_rollup.scale import Scale

ZONES = ("UTC", "Europe/Rome", "America/New_York", "Asia/Kathmandu")
# Each project has all of them; the share is that of its pages.
WIDGETS = (
    ("Votes", "updown", 0.4),
    ("Ratings", "rating", 0.3),
    ("Reactions", "reaction", 0.2),
    ("Ideas", "tagged", 0.1),
)

# Popularity falls with the number: of 100,000 pages the first has 2 % of the responses, the first 1,000 have 21 %.
# A page's project and widget do not depend on it. Projects differ in size: of 200 the largest has 7 % of the pages.
TABLES = """
create schema bench;
create table bench.widget (
    project_no integer, widget_no integer, account_id uuid, project_id uuid, widget_id uuid, zone text,
    options integer, is_text boolean, primary key (project_no, widget_no)
);
create table bench.placement (
    no integer primary key, account_id uuid, project_id uuid, widget_id uuid, placement_id uuid, key text, zone text,
    options integer, is_text boolean
);
"""
WIDGET = """
insert into bench.widget
select %(project_no)s, %(widget_no)s, s.account_id, s.project_id, s.id, %(zone)s, count(*), s.type = 'tagged'
from widget as s join option as o on o.account_id = s.account_id and o.widget_id = s.id
where s.account_id = %(account_id)s and s.id = %(widget_id)s
group by s.account_id, s.project_id, s.id, s.type
"""
PLACEMENTS = """
insert into bench.placement
select
    c.no, s.account_id, s.project_id, s.widget_id, fn.uuid_v7(%(since)s),
    format('https://www.example.com/%%s/articles/%%s-a-title-of-usual-length', s.project_no, c.no), s.zone, s.options,
    s.is_text
from (
    select no, floor(power(random(), 2) * %(projects)s)::integer as project_no,
        width_bucket(random(), %(bounds)s) as widget_no
    from generate_series(0, %(placements)s - 1) as no
) as c
join bench.widget as s using (project_no, widget_no);
"""
ADD_PAGES = """
insert into page (account_id, id, project_id, key, created_at)
select account_id, placement_id, project_id, key, %(since)s from bench.placement
"""
ADD_PLACEMENTS = """
insert into placement (account_id, id, widget_id, page_id, key, created_at)
select account_id, placement_id, widget_id, placement_id, key, %(since)s from bench.placement
"""
COUNT_PLACEMENTS = """
update widget as s set placements = c.n
from (select account_id, widget_id, count(*) as n from bench.placement group by 1, 2) as c
where s.account_id = c.account_id and s.id = c.widget_id
"""


def create(connection: psycopg.Connection, scale: Scale, since: datetime) -> None:
    """Makes them as of `since`; bench.placement lists the placements by their popularity."""
    connection.execute(TABLES.encode())
    connection.execute("select setseed(0.5)")
    accounts = [
        _id(connection, "select account_id from fn.create_account('Bench', %s, null, %s)", f"{n}@example.com", since)
        for n in range(scale.accounts)
    ]
    for number in range(scale.projects):
        _create_project(connection, accounts[number % len(accounts)], number, since)
    bounds = [sum((share for *_, share in WIDGETS[:at]), 0.0) for at in range(len(WIDGETS))]
    parameters = {"since": since, "projects": scale.projects, "placements": scale.placements, "bounds": bounds}
    for statement in (PLACEMENTS, ADD_PAGES, ADD_PLACEMENTS, COUNT_PLACEMENTS):
        connection.execute(statement.encode(), parameters if "%" in statement else None)
    connection.execute("analyze")


def _create_project(connection: psycopg.Connection, account: UUID, number: int, since: datetime) -> None:
    zone = ZONES[number % len(ZONES)]
    project = _id(
        connection,
        "select fn.create_project(%s, 'Bench', %s, %s, '{*}', %s)", account, f"bench-{number}", zone, since,
    )  # fmt: skip
    for at, (name, type, _) in enumerate(WIDGETS, start=1):
        widget = _id(
            connection,
            "select fn.create_widget(%s, %s, %s, %s, _visitor_policy => 'open', _now => %s)",
            account, project, name, type, since,
        )  # fmt: skip
        parameters = {"project_no": number, "widget_no": at, "zone": zone, "account_id": account, "widget_id": widget}
        connection.execute(WIDGET.encode(), parameters)


def _id(connection: psycopg.Connection, sql: str, *args: object) -> UUID:
    row = connection.execute(sql.encode(), args).fetchone()
    assert row
    return row[0]  # type: ignore[no-any-return]
