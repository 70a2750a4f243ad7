"""What a case of the walk says: who, at least, may open an address or call a function, and with what."""

from dataclasses import dataclass, field

ROLES = ("viewer", "editor", "admin", "owner")


@dataclass(frozen=True)
class Route:
    """An address of the panel in the demo's account, and who may use it.

    `rule` is the route's, as Quart writes it. `least` is the lowest role that may. `status` is what they get. `form` is
    what is sent with a POST. `ids` is SQL whose one row fills the placeholders of the rule by name ({slug} is the
    demo's); it runs as the owner of the database and may make what the route is about ($1 is the demo's account).
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
    """A function that acts for an account, and who may call it.

    `sql` is the call; in it {account}, {project} and {set} stand for the demo's ids (as literals), and {name} for
    the columns of the one row of `ids`, SQL that runs as the owner of the database ($1 is the demo's account).
    `least` is the lowest role that may.
    For a stranger, who names the same ids, the call must raise FB404, or return no row.
    """

    sql: str
    least: str = "viewer"
    ids: str = ""
