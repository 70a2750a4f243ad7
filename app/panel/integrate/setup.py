"""The setup checker: a widget's newest responses, and the refusals of the last 24 hours."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from app.panel.shared import auth
from app.queries import api, project_settings, responses
from app.queries.api import Refusals
from app.queries.filters import DayFilter
from app.queries.projects import Project
from app.queries.responses import Response
from app.queries.widget_settings import WidgetSettings

NEWEST, MOST_REFUSALS = 3, 8
# Seconds between two polls of an open page, until so many minutes after it was opened.
PACES = ((2, 10), (15, 120))


@dataclass(frozen=True, slots=True)
class Setup:
    """The newest responses of a widget, and the refusals of its project.

    The page that shows it was opened at `since` (minutes since 1970) and polls every `pace` seconds (0: never).
    """

    widget: WidgetSettings
    newest: list[Response]
    refusals: list[Refusals]
    origins: list[str]
    since: int
    pace: int

    @property
    def mark(self) -> str:
        """Hash that changes when the page would show something else."""
        refusals = [(each.reason, each.origin, each.count) for each in self.refusals]
        state = (self.widget, self.newest, refusals, self.origins, self.pace)
        return sha256(repr(state).encode()).hexdigest()[:16]

    @property
    def is_waiting(self) -> bool:
        """Whether the first response may still arrive."""
        return not self.newest and not self.widget.archived_at

    def is_listed(self, origin: str) -> bool:
        """Whether pages of `origin` may send now."""
        return "*" in self.origins or origin in self.origins


async def load_setup(project: Project, widget: WidgetSettings, since: int = 0) -> Setup:
    """Read the setup of a widget for a page that was opened at `since` (minutes since 1970; 0: now)."""
    tenant, filter = auth.tenant(), DayFilter(widget_id=widget.id)
    newest = await responses.project_responses(tenant, project.id, filter, limit=NEWEST)
    now = datetime.now(UTC)
    refusals = await api.refusals(tenant, project.id, now - timedelta(hours=24), now)
    (settings,) = await project_settings.project_settings(tenant, project.id)
    minute = int(time.time()) // 60
    since = since or minute
    pace = next((seconds for seconds, until in PACES if minute - since < until), 0)
    return Setup(widget, newest, refusals[:MOST_REFUSALS], settings.origins, since, pace)
