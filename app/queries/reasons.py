"""Why visitors chose options: reasons with their shares, and what came with them."""

from dataclasses import dataclass
from uuid import UUID

from msgspec.json import Decoder

from app.database import db
from app.database.tenant import TenantPool


@dataclass(frozen=True, slots=True)
class ReasonQuote:
    """The beginning of a message that came with a reason."""

    id: UUID
    body: str


@dataclass(frozen=True, slots=True)
class ReasonFigure:
    """A reason with the number of its mentions.

    `share` and its 95 % interval are of the responses with its option, None without any; `share_before` is that of the
    comparison, None without one. `is_change` says whether the two differ by more than chance.
    """

    value: str
    label: str
    is_archived: bool
    count: int
    share: float | None
    share_interval: list[float] | None
    share_before: float | None
    is_change: bool
    quotes: list[ReasonQuote]


@dataclass(frozen=True, slots=True)
class ReasonGroup:
    """An option of a widget, the number of its responses, and its reasons, most mentions first."""

    widget_id: UUID
    widget: str
    option: str
    label: str
    icon: str
    weight: float
    responses: int
    mentions: int
    reasons: list[ReasonFigure]


_GROUPS = Decoder(list[ReasonGroup])


def reason_groups(groups_json: str) -> list[ReasonGroup]:
    """The options with reasons, in order, as SQL returns them."""
    return _GROUPS.decode(groups_json)


async def widget_reasons(tenant: TenantPool, project_id: UUID, widget_id: UUID) -> list[ReasonGroup]:
    """Why visitors chose the options of a widget, of all time.

    Raises:
        FeelbackError: 404.
    """
    sql = "select fn.widget_reasons($1, $2, $3)"
    return reason_groups(await db.value(tenant, sql, tenant.account_id, project_id, widget_id))
