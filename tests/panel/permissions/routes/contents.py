"""Contents."""

from tests.panel.permissions.cases import Route

CONTENT = "select id from content where account_id = $1 order by id limit 1"
ARCHIVED = """update content set archived_at = now()
where id = (select min(id::text)::uuid from content where account_id = $1) returning id"""
ROUTES = [
    Route("GET", "/projects/<slug:slug>/contents"),
    Route("GET", "/projects/<slug:slug>/contents/listing"),
    Route("GET", "/projects/<slug:slug>/contents/<uuid:id>", ids=CONTENT),
    Route("GET", "/projects/<slug:slug>/contents/<uuid:id>/window", ids=CONTENT),
    Route(
        "POST", "/projects/<slug:slug>/contents/<uuid:id>/key", "editor", 303, {"key": "https://a.example/new"}, CONTENT
    ),
    Route("POST", "/projects/<slug:slug>/contents/<uuid:id>/archival", "editor", 303, ids=CONTENT),
    Route("POST", "/projects/<slug:slug>/contents/<uuid:id>/restoration", "editor", 303, ids=ARCHIVED),
    Route("POST", "/projects/<slug:slug>/contents/<uuid:id>/deletion", "editor", 303, ids=CONTENT),
]
