"""Projects whose week is over, made in SQL: each with two widgets, six pages, three months and three messages."""

from datetime import date, datetime, timedelta

import psycopg

WEEK = timedelta(days=7)
STATEMENTS = (
    "select fn.create_partitions(%(due)s, 0)",
    "create temporary table tenant as select n, gen_random_uuid() as account_id, gen_random_uuid() as person_id,"
    " gen_random_uuid() as project_id, gen_random_uuid() as votes_id, gen_random_uuid() as ideas_id"
    " from generate_series(1, %(projects)s) as n",
    "insert into account (id, name) select account_id, 'A' || n from tenant",
    "insert into person (id, email, verified_at) select person_id, 'p' || n || '@example.com', now() from tenant",
    "insert into member (account_id, person_id, role, created_at)"
    " select account_id, person_id, 'owner', '2000-01-01' from tenant",
    "insert into project (account_id, id, slug, name, created_at)"
    " select account_id, project_id, 'p' || n, 'Project ' || n, '2026-01-01' from tenant",
    "insert into widget (account_id, id, project_id, name, type)"
    " select account_id, votes_id, project_id, 'Rate this page', 'rating' from tenant"
    " union all select account_id, ideas_id, project_id, 'Ideas and errors', 'tagged' from tenant",
    "insert into option (account_id, widget_id, no, position, value, label, weight)"
    " select account_id, votes_id, k, k, k::text, k || ' stars', (k - 3) / 2.0"
    " from tenant cross join generate_series(1, 5) as k"
    " union all select account_id, ideas_id, k, k, 'v' || k, 'Tag ' || k, (2 - k) / 2.0"
    " from tenant cross join generate_series(1, 3) as k",
    "create temporary table chapter as select t.*, gen_random_uuid() as placement_id, k,"
    " 'https://example.com/docs/chapter-' || k || '/part-' || n as key"
    " from tenant as t cross join generate_series(1, 6) as k",
    "insert into page (account_id, id, project_id, key, created_at)"
    " select account_id, placement_id, project_id, key, '2026-01-01' from chapter",
    "insert into placement (account_id, id, widget_id, page_id, key)"
    " select account_id, placement_id, case when k < 6 then votes_id else ideas_id end, placement_id, key from chapter",
    "insert into period (account_id, scope_id, unit, starts_on, project_id, scope, total, sentiment, positive,"
    " negative) select account_id, placement_id, 'week', %(monday)s::date - 7 * w, project_id, 'placement',"
    " 10 + (n * k * (w + 1)) %% 40, case when k = 5 then -0.5 else 0.6 end, 0.7, 0.1"
    " from chapter cross join generate_series(0, 1) as w",
    "insert into period (account_id, scope_id, unit, starts_on, project_id, scope, option_nos, counts, total, before,"
    " sentiment, average, positive, negative)"
    " select account_id, votes_id, 'week', %(monday)s, project_id, 'widget', '{1,2,3,4,5}'::smallint[],"
    " array[3, 5, 10 + n %% 9, 30, 60], 108 + n %% 9, 100, 0.6, 4.3, 0.8, 0.1 from tenant"
    " union all select account_id, ideas_id, 'week', %(monday)s, project_id, 'widget', '{1,2,3}'::smallint[],"
    " array[4, 3, 2], 9, 7, 0.1, null::float8, 0.4, 0.2 from tenant",
    "insert into period (account_id, scope_id, unit, starts_on, project_id, scope, total, before, sentiment, positive)"
    " select account_id, project_id, 'week', %(monday)s::date - 7 * w, project_id, 'project',"
    " 117 + (n * (w + 1)) %% 30, 110, 0.4 + 0.05 * ((n + w) %% 7 - 3), 0.7 + 0.02 * ((n + w) %% 7 - 3)"
    " from tenant cross join generate_series(0, 11) as w",
    "insert into project_day (account_id, project_id, day, count)"
    " select account_id, project_id, %(monday)s::date - 7 + d, 5 + (n * d) %% 25"
    " from tenant cross join generate_series(-1, 13) as d",
    "insert into response (account_id, id, widget_id, placement_id, option_no, counted_on, created_at, body)"
    " select account_id, fn.uuid_v7(%(due)s::timestamptz - interval '3 days' + j * interval '1 h'), ideas_id,"
    " placement_id, 2, %(monday)s::date + 4, %(due)s::timestamptz - interval '3 days',"
    " 'The chapter on permissions needs an example: I read it ' || j || ' times and still guess.'"
    " from chapter cross join generate_series(1, 3) as j where k = 6",
    "insert into period_close (account_id, project_id, unit, starts_on)"
    " select account_id, project_id, 'week', %(monday)s from tenant",
    "insert into recap_turn (account_id, project_id, unit, starts_on)"
    " select account_id, project_id, 'week', %(monday)s::date - 7 from tenant",
    "analyze",
)


def create(connection: psycopg.Connection, projects: int, due: datetime) -> None:
    """As many projects, each with one member, whose weekly recap is due at `due`: 08:00 UTC of a Monday."""
    monday: date = due.date() - WEEK
    for statement in STATEMENTS:
        connection.execute(statement.encode(), {"projects": projects, "due": due, "monday": monday})
