"""Releases."""

from tests.panel.permissions.cases import Call

RELEASE = """insert into release (account_id, id, project_id, name, patterns, released_at, created_at)
select account_id, fn.uuid_v7(), id, 'v1', '{*}', now() - interval '9 days', now() from project where account_id = $1
order by id limit 1 returning id as release"""
PAGE = """with new as (
    insert into release (account_id, id, project_id, name, patterns, released_at, created_at)
    select account_id, fn.uuid_v7(), id, 'v1', '{*}', now() - interval '9 days', now()
    from project where account_id = $1 order by id limit 1
    returning account_id, project_id
)
select p.id as page from new as n join page as p on p.account_id = n.account_id and p.project_id = n.project_id
order by p.id limit 1"""
CALLS = [
    Call("select * from fn.releases({account}, {project})", ids=RELEASE),
    Call("select * from fn.releases({account}, {project}, _id => {release})", ids=RELEASE),
    Call("select * from fn.release_figures({account}, {project}, {release})", ids=RELEASE),
    Call("select * from fn.release_figures({account}, {project}, _page_id => {page})", ids=PAGE),
    Call("select fn.create_release({account}, {project}, 'v2')", "editor"),
    Call("select fn.delete_release({account}, {project}, {release})", "editor", RELEASE),
]
