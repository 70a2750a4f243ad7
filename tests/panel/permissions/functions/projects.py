"""Projects, and the pages of widgets."""

from tests.panel.permissions.cases import Call

CALLS = [
    Call("select * from fn.account_projects({account})"),
    Call("select * from fn.find_places({account}, 'demo', '')"),
    Call("select * from fn.project({account}, 'demo')"),
    Call("select * from fn.project_overview({account}, {project}, 30::smallint)"),
    Call("select * from fn.project_window({account}, {project}, 30::smallint)"),
    Call("select * from fn.widget({account}, 'demo', {widget})"),
    Call("select * from fn.widget_placements({account}, {widget}, '', 10, 0)"),
]
