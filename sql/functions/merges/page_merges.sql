-- Called by app as account.
create function fn.page_merges(
    _account_id uuid, _project_id uuid, _page_id uuid default null, _id uuid default null, _now timestamptz default now()
) returns table (
    id uuid, source_id uuid, target_id uuid, source_key text, target_key text, state text, requested_at timestamptz,
    undo_until timestamptz, finished_at timestamptz, responses bigint, moved bigint, holds bigint, can_undo boolean
)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    perform fn.allow(_account_id, 'viewer', _project_id);
    if _page_id is not null and not exists (
        select 1 from public.page as p
        where p.account_id = _account_id and p.project_id = _project_id and p.id = _page_id
    ) then
        raise exception 'There is no such page.' using errcode = 'FB404', hint = 'See the pages of your project.';
    end if;
    return query
    select m.id, m.source_id, m.target_id, m.source_key, m.target_key, m.state, m.requested_at, m.undo_until, m.finished_at,
        m.responses, m.moved, m.holds,
        m.state = 'merged' and m.undo_until > _now and not exists (
            select 1 from public.page_merge as n
            where n.account_id = m.account_id and n.target_id = m.target_id and n.state <> 'undone' and n.id > m.id
        )
    from public.page_merge as m
    where m.account_id = _account_id and m.project_id = _project_id
        and (_page_id is null or _page_id in (m.source_id, m.target_id)) and (_id is null or m.id = _id)
    order by m.id desc
    limit 100;
end;
$$;

comment on function fn.page_merges is
'Merges of a project, or those from or into one page, newest first: how far they are, and whether they can be undone now.
FB404.';
