"""The setup checker: which responses of a widget arrived, and what was refused in the last day and why."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from app.panel.shared import auth
from app.queries import api, project_settings, responses
from app.queries.api import Refused
from app.queries.filters import DayFilter
from app.queries.projects import Project
from app.queries.responses import Response
from app.queries.widget_settings import WidgetSettings

NEWEST, MOST_REFUSED = 3, 8
# How often an open page asks: so many seconds between, until so many minutes after it was opened.
PACES = ((2, 10), (15, 120))


@dataclass(frozen=True, slots=True)
class Setup:
    """What of a widget arrived, newest first, and what its project refused.

    The page that shows it was opened `since` minutes after 1970 began, and asks again every `pace` seconds (0: never).
    """

    kept: WidgetSettings
    newest: list[Response]
    refused: list[Refused]
    origins: list[str]
    since: int
    pace: int

    @property
    def mark(self) -> str:
        """Differs where something else is to be shown."""
        shown = (self.kept, self.newest, [(r.reason, r.origin, r.count) for r in self.refused], self.origins, self.pace)
        return sha256(repr(shown).encode()).hexdigest()[:16]

    @property
    def is_waiting(self) -> bool:
        """Whether no response has arrived yet that might."""
        return not self.newest and not self.kept.archived_at

    def is_listed(self, origin: str) -> bool:
        """Whether pages of `origin` may send by now."""
        return "*" in self.origins or origin in self.origins


async def looked_up(project: Project, kept: WidgetSettings, since: int = 0) -> Setup:
    """The setup of a widget, for a page that was opened at `since` (minutes since 1970; 0: now)."""
    tenant, filter = auth.tenant(), DayFilter(widget_id=kept.id)
    found = await responses.project_responses(tenant, project.id, filter, limit=NEWEST)
    now = datetime.now(UTC)
    refused = await api.refusals(tenant, project.id, now - timedelta(hours=24), now)
    (settings,) = await project_settings.project_settings(tenant, project.id)
    minute = int(time.time()) // 60
    since = since or minute
    pace = next((seconds for seconds, until in PACES if minute - since < until), 0)
    return Setup(kept, found, refused[:MOST_REFUSED], settings.origins, since, pace)
