"""Who may call each SQL function and with whose rights, as the first line of its file says.

The line is `-- Called by app, jobs as installation.`; a function without it is internal.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from psycopg import sql

from app.errors import ConfigError

# The roles that sign in, and `panel`, which owns the functions that act for an account; `owner` is the command line.
CALLERS = ("app", "ingest", "jobs", "owner", "panel")
# For one account, held to it by row-level security; for the installation; as whoever calls; as the owner of the server.
ACTS_AS = ("account", "installation", "caller", "server")
SAYS_RIGHTS = re.compile(r"^\s*--\s*called\b", re.I)
LINE = re.compile(r"-- Called by (?P<callers>\w+(?:, \w+)*) as (?P<acts_as>\w+)\.")
COMMENT = """
comment on view fn.callable is
'Which functions a role may call (feelback_app, feelback_ingest and feelback_jobs sign in; feelback_panel owns the
functions that act for an account; feelback_owner is the command line), and as what each acts: for one account, held to
it by row-level security; for the installation; as its caller; or as the owner of the database, who alone sees what
pg_cron did. Generated from the first line of each file in sql/functions/; sql/roles.sql grants accordingly.'
"""


@dataclass(frozen=True)
class Right:
    """One role that may call the function `name`, and as what the function then acts."""

    name: str
    caller: str
    acts_as: str


def read(folder: Path) -> list[Right]:
    """Rights stated in the files under `folder`/functions.

    Raises:
        ConfigError: a line has another form, stands elsewhere than first, or has an unknown word; names file and line.
    """
    return [right for path in sorted(folder.glob("functions/**/*.sql")) for right in _rights(path, folder)]


def view(rights: list[Right]) -> sql.Composed:
    """Statements that create the view fn.callable of these rights."""
    columns = ([r.name for r in rights], [r.caller for r in rights], [r.acts_as for r in rights])
    return sql.SQL(
        "create view fn.callable as"
        " select * from unnest({}::text[], {}::text[], {}::text[]) as c (name, caller, acts_as);"
    ).format(*map(sql.Literal, columns)) + sql.SQL(COMMENT)


def _rights(path: Path, folder: Path) -> list[Right]:
    rights: list[Right] = []
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if not SAYS_RIGHTS.match(line):
            continue
        place = f"sql/{path.relative_to(folder)}:{number}"
        parts = LINE.fullmatch(line)
        if parts is None or number != 1:
            raise ConfigError(f"{place}: rights must be the first line: -- Called by {{callers}} as {{role}}.")
        callers, acts_as = parts["callers"].split(", "), parts["acts_as"]
        _check_words(place, "caller", callers, CALLERS)
        _check_words(place, "role", [acts_as], ACTS_AS)
        rights += [Right(path.stem, caller, acts_as) for caller in callers]
    return rights


def _check_words(place: str, kind: str, words: list[str], known: tuple[str, ...]) -> None:
    for word in words:
        if word not in known:
            raise ConfigError(f'{place}: unknown {kind} "{word}"; known are {", ".join(known)}.')
    if len(set(words)) < len(words):
        raise ConfigError(f"{place}: a {kind} stands twice.")
