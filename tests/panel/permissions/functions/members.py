"""Accounts and their members, invitations, the audit log."""

from tests.panel.permissions.cases import Call

EDITOR = "select p.id as member from person as p where p.email = 'editor@example.com' and $1::uuid is not null"
INVITED = """
insert into invitation (account_id, id, email, role, token_hash, created_at, expires_at)
values ($1, gen_random_uuid(), 'new@example.com', 'viewer', sha256('x'), now(), now()) returning id as invited
"""
# The session of the demo's owner, who has just proved who they are; and a first account before the demo's.
OWNER = """
with first as (
    insert into account (id, name, created_at) values (gen_random_uuid(), 'First', '2000-01-01')
), session as (
    insert into session (token_hash, person_id, expires_at, confirmed_at)
    select sha256('s'), m.person_id, now() + interval '1 day', now()
    from member as m where m.account_id = $1 and m.role = 'owner'
)
select p.id as member from person as p where p.email = 'editor@example.com'
"""
GOING = "update account set deletion_at = now() + interval '1 day' where id = $1 returning id as going"
CALLS = [
    Call("select * from fn.account({account})"),
    Call("select * from fn.members({account})"),
    Call("select * from fn.member({account}, {member})", ids=EDITOR),
    Call("select fn.update_account({account}, 'New', 365)", "admin"),
    Call("select fn.update_role({account}, {member}, 'viewer')", "admin", EDITOR),
    Call("select fn.delete_member({account}, {member})", "admin", EDITOR),
    Call("select fn.leave_account({account})"),
    Call("select fn.transfer_account({account}, {member}, sha256('s'))", "owner", OWNER),
    Call("select * from fn.invitations({account})", "admin"),
    Call("select fn.invite_member({account}, 'new@example.com', 'viewer', sha256('x'), 'url')", "admin"),
    Call("select fn.resend_invitation({account}, {invited}, sha256('y'), 'url')", "admin", INVITED),
    Call("select fn.revoke_invitation({account}, {invited})", "admin", INVITED),
    Call("select * from fn.audit({account})", "admin"),
    Call("select * from fn.audit_nouns({account})", "admin"),
    Call("select fn.request_account_deletion({account}, sha256('s'))", "owner", OWNER),
    Call("select fn.cancel_account_deletion({account})", "admin", GOING),
]
