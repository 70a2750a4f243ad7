"""Single responses."""

from tests.panel.permissions.cases import Call

RESPONSE = "select id as response from response where account_id = $1 and visitor is not null order by id desc limit 1"
OF_PAGE = "select id as page from page where account_id = $1 order by id limit 1"
CALLS = [
    Call("select * from fn.project_responses({account}, {project})"),
    Call("select * from fn.response({account}, {project}, {response})", ids=RESPONSE),
    Call("select * from fn.page_passages({account}, {project}, {page})", ids=OF_PAGE),
    Call("select fn.update_passages({account}, {project}, {page}, '[]')", "editor", OF_PAGE),
    Call("select * from fn.widget_choices({account}, {project})"),
    Call("select fn.delete_visitor({account}, {project}, {response})", "admin", RESPONSE),
]
