"""Pages, as the panel shows them."""

from tests.panel.permissions.cases import Call

PAGE = "select id as page from page where account_id = $1 order by id limit 1"
TWO = """select (array_agg(id order by id))[1] as source, (array_agg(id order by id))[2] as target
from page where account_id = $1"""
MERGED = """with old as (
    select p.account_id, p.project_id, p.id, p.key from page as p where p.account_id = $1 order by p.id limit 1
), target as (
    select p.account_id, p.id, p.key from page as p where p.account_id = $1 order by p.id offset 1 limit 1
), source as (
    update page as p set merged_into = t.id from old as o, target as t
    where p.account_id = o.account_id and p.id = o.id returning p.id
)
insert into page_merge (account_id, id, project_id, source_id, target_id, source_key, target_key, state, requested_at,
    undo_until)
select o.account_id, fn.uuid_v7(), o.project_id, o.id, t.id, o.key, t.key, 'merged', now(), now() + interval '1 day'
from old as o, target as t returning source_id as page"""
CALLS = [
    Call("select * from fn.merge_preview({account}, {project}, {source}, {target})", ids=TWO),
    Call("select fn.merge_pages({account}, {project}, {source}, {target})", "editor", TWO),
    Call("select fn.undo_merge({account}, {project}, {page})", "editor", MERGED),
    Call("select * from fn.page_merges({account}, {project}, {page})", ids=PAGE),
    Call("select * from fn.page_list({account}, {project}, '30d')"),
    Call("select * from fn.page_overview({account}, {project}, {page}, '30d')", ids=PAGE),
    Call("select * from fn.filter_labels({account}, {project}, {page})", ids=PAGE),
    Call("select fn.check_origin({account}, {project}, 'https://acorn.example')"),
    Call("select * from fn.window_span({account}, {project}, '30d')"),
    Call("select fn.update_window_choice({account}, {project}, '7d', 'previous')"),
]
