"""Projects, widgets and responses at any time, created by the functions of production, and their figures."""

import itertools
import json
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import psycopg

from app.database import functions
from tests.support.factories import Project
from tests.support.settings import CITUS

_numbers = itertools.count(1)
INGEST = """
    select response_id, outcome from fn.ingest_responses(
        array[%(account)s]::uuid[], array[%(widget)s]::uuid[], array[%(key)s], array[%(id)s]::uuid[],
        array[%(ms)s]::bigint[], array[%(day)s]::date[], array[%(no)s]::smallint[], array[%(body)s]::text[],
        array[null]::text[], array[%(context)s]::text[], array[%(visitor)s]::bytea[], array[%(dedup_key)s]::bytea[],
        array[null]::bigint[], array[null]::bytea[], 1000000, null
    )
"""

IS_RECENT = """
    create or replace function fn.are_recent(_created_ms bigint[]) returns boolean
    language sql stable set search_path = pg_catalog, pg_temp as $$
        select (select min(c.ms) from unnest(_created_ms) as c (ms))
            >= (select extract(epoch from r.gathered_at - interval '1 minute') * 1000 from {clock} as r)
    $$
"""
ROLLS = re.compile(r"call fn\.(?:refresh_stats|run_by_account)|update roll_up")  # what sets the clock
WAITING = "select pid from pg_stat_activity where wait_event_type = 'Lock'"
# What a node of a cluster reads where a server reads its table roll_up.
CLOCK = """
    create schema test;
    create table test.clock (gathered_at timestamptz not null);
    grant usage on schema test to public;
    grant select, update on test.clock to public;
    insert into test.clock values ('-infinity');
    select create_reference_table('test.clock')
"""
# Two roles must not change the same rows in one transaction on a cluster, and jobs change them as the owner.
AS_OWNER = "set role feelback_owner"


@dataclass(frozen=True)
class Widget:
    """A widget, its project and its account."""

    account_id: UUID
    project_id: UUID
    id: UUID


@dataclass(frozen=True)
class Response:
    """A response and its account."""

    account_id: UUID
    id: UUID


class World:
    """A database with one connection in autocommit mode; queries call the `schema` of its functions fn.

    With `has_clock` responses are recent by the time of the last roll-up, without it by the real one.
    """

    def __init__(self, dsn: str, schema: str = functions.DEFAULT, *, has_clock: bool = True) -> None:
        self.dsn, self.schema = dsn, schema
        seconds = 300 if CITUS else 30
        self.connection = psycopg.connect(dsn, autocommit=True, options=f"-c statement_timeout={seconds}s")
        self._months: set[tuple[int, int]] = set()
        self._has_own_clock = has_clock and bool(CITUS)
        # Here time is what a test says.
        if has_clock and self.value(
            "select count(*) from pg_proc where proname = 'are_recent' and prosrc !~ 'gathered_at'"
        ):
            if CITUS:
                self.ask(CLOCK)
            self.ask(IS_RECENT.replace("{clock}", "test.clock" if CITUS else "public.roll_up"))
        if CITUS:
            self.ask(AS_OWNER)

    def ask(self, query: str, *arguments: Any) -> list[tuple[Any, ...]]:
        """The rows of a statement."""
        cursor = self.connection.execute(functions.within(self.schema, query).encode(), arguments or None)
        rows = cursor.fetchall() if cursor.description else []
        if self._has_own_clock and ROLLS.search(query):
            row = self.connection.execute("select gathered_at::text from roll_up").fetchone()
            self.connection.execute("update test.clock set gathered_at = %s::timestamptz", row)
        return rows

    def ask_as_superuser(self, query: str) -> None:
        """Run what only a superuser may, such as changing a setting of the session."""
        self.ask("reset role")
        self.ask(query)
        if CITUS:
            self.ask(AS_OWNER)

    def value(self, query: str, *arguments: Any) -> Any:
        """The first column of the first row."""
        return self.ask(query, *arguments)[0][0]

    def dicts(self, query: str, *arguments: Any) -> list[dict[str, Any]]:
        """The rows, by column."""
        cursor = self.connection.execute(functions.within(self.schema, query).encode(), arguments or None)
        names = [column.name for column in cursor.description or []]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def rows(self, table: str, where: str = "true", order: str = "", most: int = 1) -> list[str]:
        """Conditions that are each met by one of the first rows of a table, in the order of its key or in another."""
        columns = self.value(
            "select array_agg(a.attname::text order by array_position(i.indkey::int[], a.attnum::int))"
            " from pg_index as i join pg_attribute as a on a.attrelid = i.indrelid and a.attnum = any (i.indkey)"
            " where i.indrelid = %s::regclass and i.indisprimary", table
        )  # fmt: skip
        key = ", ".join(columns)
        return [
            " and ".join(f"{name} = '{value}'" for name, value in zip(columns, row, strict=True))
            for row in self.ask(f"select {key} from {table} where {where} order by {order or key} limit {most}")
        ]

    def account(self) -> UUID:
        """The id of a new account."""
        n = next(_numbers)
        return UUID(
            str(
                self.value("select account_id from fn.create_account(%s, %s, null)", f"A{n}", f"owner{n}@world.example")
            )
        )

    def project(self, zone: str = "UTC", at: datetime | None = None, account_id: UUID | None = None) -> Project:
        """A new project, created at that time, by default in a new account."""
        account_id = account_id or self.account()
        n = next(_numbers)
        created = at or datetime.now(UTC)
        id = self.value(
            "select fn.create_project(%s, %s, %s, %s, '{*}', %s)", account_id, f"P{n}", f"p{n}", zone, created
        )
        return Project(account_id, id)

    def widget(self, of: Project, type: str = "updown", preset: str | None = None) -> Widget:
        """A new widget of a project."""
        id = self.value(
            "select fn.create_widget(%s, %s, %s, %s, %s)", of.account_id, of.id, f"S{next(_numbers)}", type, preset
        )
        return Widget(of.account_id, of.id, id)

    def send(
        self,
        to: Widget,
        option_no: int,
        at: datetime,
        key: str = "/a",
        visitor: str | None = None,
        email: str | None = None,
    ) -> Response:
        """Send a response as ingestion does, on the day of fn.ingest_widget. A visitor's second one updates it."""
        if (at.year, at.month) not in self._months:
            # Partitions begin at midnight UTC, months of projects at midnight in their time zone.
            self.ask("select fn.create_partitions(%s, 0)", at)
            self._months.add((at.year, at.month))
        day = self.value("select day from fn.ingest_widget(%s, %s)", to.id, at)
        id = self.value("select fn.uuid_v7(%s)", at)
        arguments = {
            "account": to.account_id, "widget": to.id, "key": key, "id": id, "no": option_no, "day": day, "body": None,
            "ms": round(at.timestamp() * 1000), "context": f'{{"$user": "{email}"}}' if email else None,
            "visitor": visitor.encode() if visitor else None,
            "dedup_key": f"{to.id}{key}{visitor}".encode() if visitor else None,
        }  # fmt: skip
        rows = self.connection.execute(INGEST.encode(), arguments).fetchall()
        assert [outcome for _, outcome in rows] in ([], ["duplicate"])
        return Response(to.account_id, rows[0][0] if rows else id)

    def edit(self, response: Response, option_no: int) -> bool:
        """Give a response another value."""
        return bool(
            self.value(
                "select fn.update_response(%s, %s, %s::smallint, null, null)",
                response.account_id,
                response.id,
                option_no,
            )
        )

    def follow_ups(self, of: Widget, reasons: list[str] | None = None) -> None:
        """Give each option of a widget a follow-up with these reasons (a, b and c), of which it takes several."""
        offered = json.dumps([{"value": value} for value in ("abc" if reasons is None else reasons)])
        self.ask(
            "select fn.update_follow_ups(%s, %s, %s, (select jsonb_agg(jsonb_build_object('option', o.value,"
            " 'question', 'Why?', 'multiple', true, 'message', not t.has_text, 'contact', true, 'reasons',"
            " %s::jsonb)) from option as o"
            " join widget as w on w.account_id = o.account_id and w.id = o.widget_id"
            " join fn.widget_type as t on t.name = w.type"
            " where o.widget_id = %s and o.retired_at is null))",
            of.account_id, of.project_id, of.id, offered, of.id,
        )  # fmt: skip

    def grow(
        self, response: Response, reasons: list[str] | None = None, option_no: int | None = None,
        message: str | None = None,
    ) -> bool:  # fmt: skip
        """Give a response these reasons, and where they are not None another value and words."""
        parts = ["reasons"] if reasons is not None else []
        parts += ["value"] if option_no is not None else []
        parts += ["message"] if message is not None else []
        return bool(
            self.value(
                "select fn.grow_response(%s, %s, %s, %s::smallint, %s, null, %s, null)",
                response.account_id, response.id, parts, option_no, message, reasons,
            )
        )  # fmt: skip

    def remove(self, response: Response) -> bool:
        """Delete a response."""
        return bool(self.value("select fn.delete_response(%s, %s)", response.account_id, response.id))

    def page(self, of: Project, key: str = "/a") -> UUID:
        """The id of a page of a project."""
        return UUID(str(self.value("select id from page where project_id = %s and key = %s", of.id, key)))

    def placement(self, of: Widget, key: str = "/a") -> UUID:
        """The id of a widget's placement."""
        return UUID(str(self.value("select id from placement where widget_id = %s and key = %s", of.id, key)))

    def empty(self) -> None:
        """Delete every tenant and every response, as in a new database."""
        names = self.value(
            "select string_agg(format('public.%I', relname), ', ') from pg_class"
            " where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relispartition"
            " and relname !~ '^_?yoyo|^schema_version$|^roll_up$'"
        )
        self.ask(f"truncate {names} cascade")
        self.ask("update roll_up set gathered_at = '-infinity'")

    def refresh(self, at: datetime) -> None:
        """Run the job of every minute."""
        self.ask("call fn.refresh_stats(%s)", at)

    def cut(self) -> None:
        """What the next full hour does: late changes of a day in which a window is cut come into its comparison."""
        self.ask("select fn.cut_windows(account_id, array_agg(project_id)) from project_roll group by account_id")

    def close(self, at: datetime) -> int:
        """Run the job of every 15 minutes after that of every minute; returns how many periods it closed."""
        self.refresh(at)
        return int(self.value("call fn.run_by_account('{close periods}', %s)", at))

    def totals(self, of: UUID, unit: str) -> dict[date, tuple[int, int | None]]:
        """The total of each closed period of a placement, widget or project, and of the one before."""
        rows = self.ask("select starts_on, total, before from period where scope_id = %s and unit = %s", of, unit)
        return {starts_on: (total, before) for starts_on, total, before in rows}

    def windows(self, of: UUID) -> dict[int, tuple[int, int]]:
        """The total of each window of a placement, and of the one before."""
        rows = self.ask("select days, total, before from placement_score where placement_id = %s", of)
        return {days: (total, before) for days, total, before in rows}

    def session(self) -> int:
        """The number of this connection's session, in a cluster that of all nodes."""
        return int(self.value("select citus_backend_gpid()" if CITUS else "select pg_backend_pid()"))

    def close_connection(self) -> None:
        """Close the connection."""
        self.connection.close()


def is_waiting(world: World, session: int | None = None) -> bool:
    """Whether a session, or any other, waits for a lock; asked in a connection that may be in a transaction."""
    waiting = "select waiting_gpid from citus_lock_waits" if CITUS else WAITING
    sessions = [each for (each,) in world.ask(waiting)]
    return session in sessions if session is not None else bool(sessions)


def local(text: str, zone: str = "UTC") -> datetime:
    """The time at which clocks in a zone show this local time."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
