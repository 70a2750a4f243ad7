"""Single signals."""

from tests.panel.permissions.cases import Call

SIGNAL = "select id as feelback from feelback where account_id = $1 and visitor is not null order by id desc limit 1"
CALLS = [
    Call("select * from fn.project_feelbacks({account}, {project})"),
    Call("select * from fn.feelback({account}, {project}, {feelback})", ids=SIGNAL),
    Call("select * from fn.set_choices({account}, {project})"),
    Call("select fn.discard_visitor({account}, {project}, {feelback})", "admin", SIGNAL),
]
