"""Projects: create, settings, API keys, delete."""

from tests.panel.permissions.cases import Route

KEY = """
insert into api_key (account_id, id, project_id, kind, token_hash, hint)
select account_id, gen_random_uuid(), id, 'read', sha256('x'), 'abcd' from project where account_id = $1 returning id
"""
SETTINGS = {"name": "Acorn", "slug": "demo", "time_zone": "UTC", "visitor_policy": "visitor", "keep": "ever"}
AT = "/projects/<slug:slug>"
ROUTES = [
    Route("GET", "/projects/new"),
    Route("POST", "/projects", "admin", 303, {"name": "New", "site": "example.com", "time_zone": "UTC"}),
    Route("GET", f"{AT}/settings"),
    Route("POST", f"{AT}/settings", "admin", 303, SETTINGS),
    Route("POST", f"{AT}/archive", "admin", 303),
    Route("POST", f"{AT}/unarchive", "admin", 303),
    Route("POST", f"{AT}/test-responses/delete", "editor", 303),
    Route("GET", f"{AT}/delete", "admin"),
    Route("POST", f"{AT}/delete", "admin", 303, {"name": "Acorn"}),
    Route("GET", f"{AT}/api-keys"),
    Route("POST", f"{AT}/api-keys", "admin", 303, {"scope": "send", "name": "Import"}),
    Route("POST", f"{AT}/api-keys/<uuid:id>/revoke", "admin", 303, ids=KEY),
]
