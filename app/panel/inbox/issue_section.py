"""What a message's page needs to show its issue, or the button that opens one."""

from typing import Any
from uuid import UUID

from app.panel.shared import auth
from app.queries import issues
from app.queries.projects import Project
from app.webhooks.forges import FORGES, ISSUE_PROBLEMS


async def issue_and_tracker(project: Project, id: UUID) -> dict[str, Any]:
    """The issue of a message and where it is opened, for a template."""
    tracker = await issues.tracker(auth.tenant(), project.id)
    return {
        "tracker": tracker,
        "forge": FORGES[tracker.type].name if tracker else "",
        "issue": await issues.issue(auth.tenant(), project.id, id) if tracker else None,
        "issue_problems": ISSUE_PROBLEMS,
    }
