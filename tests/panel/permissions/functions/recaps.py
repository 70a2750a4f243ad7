"""The recaps of a project."""

from tests.panel.permissions.cases import Call
from tests.panel.permissions.routes.recaps import CLOSED, DELIVERY, RECIPIENT

SOMEBODY = "select person_id as person from member where account_id = $1 limit 1"
CALLS = [
    Call("select * from fn.recap_settings({account}, {person}, 'demo')", ids=SOMEBODY),
    Call("select fn.update_recap_choice({account}, {person}, 'demo', true, false)", ids=SOMEBODY),
    Call("select total from fn.project_recap({account}, 'demo', 'week', '2026-11-16')", ids=CLOSED),
    Call(
        "select fn.request_recap({account}, {person}, 'demo', 'week', '2026-11-16')",
        ids=CLOSED.replace("select count(*) from closed", SOMEBODY),
    ),
    Call(
        "select fn.invite_recap_recipient({account}, {person}, 'demo', 'a@example.com', true, false, sha256('x'), '')",
        "admin",
        ids=SOMEBODY,
    ),
    Call("select fn.delete_recap_recipient({account}, 'demo', {id})", "admin", ids=RECIPIENT),
    Call("select * from fn.recap_deliveries({account}, 'demo', 6)", "admin"),
    Call("select fn.resend_recap({account}, 'demo', {mail_id})", "admin", ids=DELIVERY),
]
