"""Pages, as the panel lists them."""

from tests.panel.permissions.cases import Call

PLACEMENT = "select id as placement from placement where account_id = $1 order by id limit 1"
CALLS = [
    Call(
        "select * from fn.project_placements("
        "{account}, {project}, 30::smallint, null, '', 'responses', false, false, 9, 0)"
    ),
    Call("select * from fn.placement({account}, {project}, {placement}, 30::smallint)", ids=PLACEMENT),
]
