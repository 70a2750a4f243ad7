"""Pages, as the panel shows them."""

from tests.panel.permissions.cases import Call

PAGE = "select id as page from page where account_id = $1 order by id limit 1"
CALLS = [
    Call("select * from fn.page_list({account}, {project}, '30d')"),
    Call("select * from fn.page_overview({account}, {project}, {page}, '30d')", ids=PAGE),
    Call("select * from fn.filter_labels({account}, {project}, {page})", ids=PAGE),
    Call("select * from fn.window_span({account}, {project}, '30d')"),
    Call("select fn.update_window_choice({account}, {project}, '7d', 'previous')"),
]
