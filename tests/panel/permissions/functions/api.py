"""What the management API asks for an account."""

from tests.panel.permissions.cases import Call

CALLS = [
    Call("select * from fn.pages({account}, {project})"),
    Call("select * from fn.placements({account}, {project})"),
    Call("select * from fn.responses({account}, {project})"),
    Call("select * from fn.leaders({account}, {project}, 30::smallint)"),
    Call("select * from fn.project_days({account}, {project}, '2026-11-01', '2026-11-24')"),
    Call("select * from fn.recap_recipients({account}, {project})", "admin"),
    Call("select * from fn.refusals({account}, {project}, '2026-01-01', '2027-01-01')"),
    Call(
        "select * from fn.scope_periods({account}, {project}, 'widget', {widget}, 'month', '2026-01-01', '2027-01-01')"
    ),
    Call("select * from fn.scope_windows({account}, {project}, 'project')"),
    Call("select * from fn.seen_counts({account}, {project}, '30d')"),
]
