"""Contents, as the panel lists them."""

from tests.panel.permissions.cases import Call

CONTENT = "select id as content from content where account_id = $1 order by id limit 1"
CALLS = [
    Call(
        "select * from fn.project_contents({account}, {project}, 30::smallint, null, '', 'signals', false, false, 9, 0)"
    ),
    Call("select * from fn.content({account}, {project}, {content}, 30::smallint)", ids=CONTENT),
]
