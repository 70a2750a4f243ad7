"""Pages and placements."""

from tests.panel.permissions.cases import Route
from tests.panel.permissions.functions.placements import MERGED as MERGED_PAGE

PLACEMENT = "select id from placement where account_id = $1 order by id limit 1"
PAGE = "select id from page where account_id = $1 order by id limit 1"
ARCHIVED_PAGE = """update page set archived_at = now()
where id = (select min(id::text)::uuid from page where account_id = $1) returning id"""
TWO = """select (array_agg(id order by id))[1] as id, (array_agg(id order by id))[2] as into
from page where account_id = $1"""
MERGED = MERGED_PAGE.replace(" as page", " as id")
AT = "/projects/<slug:slug>"
RENAME = {"page": "https://a.example/new"}
CHOICE = {"pattern": "https://", "until": "2099-01-01T00:00:00+00:00"}
ROUTES = [
    Route("GET", f"{AT}/pages/delete"),
    Route("POST", f"{AT}/pages/delete", "admin", 303, CHOICE),
    Route("GET", f"{AT}/pages"),
    Route("GET", f"{AT}/pages/listing"),
    Route("POST", f"{AT}/pages/<uuid:id>/rename", "editor", 303, RENAME, PAGE),
    Route("POST", f"{AT}/pages/<uuid:id>/archive", "editor", 303, ids=PAGE),
    Route("POST", f"{AT}/pages/<uuid:id>/unarchive", "editor", 303, ids=ARCHIVED_PAGE),
    Route("GET", f"{AT}/pages/<uuid:id>", ids=PAGE),
    Route("GET", f"{AT}/pages/<uuid:id>/window", ids=PAGE),
    Route("GET", f"{AT}/pages/<uuid:id>/merge", ids=PAGE),
    Route("GET", f"{AT}/pages/<uuid:id>/merge/<uuid:into>", ids=TWO),
    Route("POST", f"{AT}/pages/<uuid:id>/merge/<uuid:into>", "editor", 303, ids=TWO),
    Route("GET", f"{AT}/pages/<uuid:id>/merges", ids=PAGE),
    Route("POST", f"{AT}/pages/<uuid:id>/passages", "editor", 303, {"places": "[]"}, PAGE),
    Route("POST", f"{AT}/pages/<uuid:id>/unmerge", "editor", 303, ids=MERGED),
    Route("GET", f"{AT}/placements/<uuid:id>", status=303, ids=PLACEMENT),
    Route("POST", f"{AT}/placements/<uuid:id>/delete", "editor", 303, ids=PLACEMENT),
]
