"""Cases of the permission matrix: the lowest role that may open a route or call a function."""

from dataclasses import dataclass, field

ROLES = ("viewer", "editor", "admin", "owner")


@dataclass(frozen=True)
class Route:
    """A route of the panel in the demo's account.

    `rule` is Quart's rule, `least` the lowest role that may use it, `status` their response, `form` the body of a POST.
    `ids` is SQL whose one row fills the rule's placeholders by name ({slug} is the demo's). It runs as the owner of the
    database and may create the rows that the route needs; $1 is the demo's account.
    """

    method: str
    rule: str
    least: str = "viewer"
    status: int = 200
    form: dict[str, str] = field(default_factory=dict)
    ids: str = ""
    is_public: bool = False


@dataclass(frozen=True)
class Call:
    """A function that acts for an account.

    In the call `sql`, {account}, {project} and {widget} stand for the demo's ids (as literals), and {name} for a column
    of the one row of `ids`, SQL that runs as the owner of the database ($1 is the demo's account). `least` is the
    lowest role that may call it. For a stranger with the same ids the call must raise FB404 or return no row.
    """

    sql: str
    least: str = "viewer"
    ids: str = ""
