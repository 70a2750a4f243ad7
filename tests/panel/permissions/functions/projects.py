"""Projects, and the pages of content sets."""

from tests.panel.permissions.cases import Call

CALLS = [
    Call("select * from fn.account_projects({account})"),
    Call("select * from fn.project({account}, 'demo')"),
    Call("select * from fn.project_overview({account}, {project}, 30::smallint)"),
    Call("select * from fn.project_window({account}, {project}, 30::smallint)"),
    Call("select * from fn.content_set({account}, 'demo', {set})"),
    Call("select * from fn.set_contents({account}, {set}, '', 10, 0)"),
]
