"""All of the management API's addresses."""

from quart import Quart

from app.api import (
    destinations,
    exports,
    follow_ups,
    issues,
    pages,
    people,
    placements,
    projects,
    releases,
    replies,
    responses,
    stats,
    triage,
    v0,
    widgets,
)


def install(app: Quart) -> None:
    """Register the blueprints."""
    areas = (
        projects, widgets, follow_ups, pages, releases, destinations, placements, responses, triage, replies, issues,
        stats, exports, people, v0,
    )  # fmt: skip
    for area in areas:
        app.register_blueprint(area.blueprint)
