"""Placements."""

from tests.panel.permissions.cases import Route

PLACEMENT = "select id from placement where account_id = $1 order by id limit 1"
ARCHIVED = """update placement set archived_at = now()
where id = (select min(id::text)::uuid from placement where account_id = $1) returning id"""
ROUTES = [
    Route("GET", "/projects/<slug:slug>/pages"),
    Route("GET", "/projects/<slug:slug>/pages/listing"),
    Route("GET", "/projects/<slug:slug>/pages/<uuid:id>", ids=PLACEMENT),
    Route("GET", "/projects/<slug:slug>/pages/<uuid:id>/window", ids=PLACEMENT),
    Route(
        "POST",
        "/projects/<slug:slug>/pages/<uuid:id>/rename",
        "editor",
        303,
        {"key": "https://a.example/new"},
        PLACEMENT,
    ),
    Route("POST", "/projects/<slug:slug>/pages/<uuid:id>/archive", "editor", 303, ids=PLACEMENT),
    Route("POST", "/projects/<slug:slug>/pages/<uuid:id>/unarchive", "editor", 303, ids=ARCHIVED),
    Route("POST", "/projects/<slug:slug>/pages/<uuid:id>/delete", "editor", 303, ids=PLACEMENT),
]
