"""The account, its members, invitations, the audit log."""

from tests.panel.permissions.cases import Route

EDITOR = "select id from person where email = 'editor@example.com' and $1::uuid is not null"
INVITED = """
insert into invitation (account_id, id, email, role, token_hash, created_at, expires_at)
values ($1, gen_random_uuid(), 'new@example.com', 'viewer', sha256('x'), now(), now()) returning id
"""
# The first account cannot be deleted, so there is one before the demo's.
NOT_FIRST = """
insert into account (id, name, created_at)
select gen_random_uuid(), 'First', '2000-01-01' where $1::uuid is not null returning id
"""
NAME = {"name": "Demo", "audit_days": "365"}
ROUTES = [
    Route("GET", "/account"),
    Route("POST", "/account", "admin", 303, NAME),
    Route("POST", "/account/leave", "viewer", 303),
    Route("GET", "/account/delete", "owner"),
    Route("POST", "/account/delete", "owner", 303, NAME, NOT_FIRST),
    Route("POST", "/account/delete/cancel", "admin", 303),
    Route("GET", "/members"),
    Route("GET", "/members/<uuid:id>", ids=EDITOR),
    Route("POST", "/members/<uuid:id>/role", "admin", 303, {"role": "viewer"}, EDITOR),
    Route("POST", "/members/<uuid:id>/delete", "admin", 303, ids=EDITOR),
    Route("GET", "/members/<uuid:id>/transfer", "owner", ids=EDITOR),
    Route("POST", "/members/<uuid:id>/transfer", "owner", 303, ids=EDITOR),
    Route("POST", "/members/invitations", "admin", 303, {"email": "new@example.com", "role": "viewer"}),
    Route("POST", "/members/invitations/<uuid:id>/resend", "admin", 303, ids=INVITED),
    Route("POST", "/members/invitations/<uuid:id>/revoke", "admin", 303, ids=INVITED),
    Route("GET", "/audit", "admin"),
    Route("GET", "/audit/entries", "admin"),
]
