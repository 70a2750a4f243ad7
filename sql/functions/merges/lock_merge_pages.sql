create function fn.lock_merge_pages(_account_id uuid, _project_id uuid, _page_ids uuid[]) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _count integer;
begin
    perform fn.lock_roll_up(_account_id);  -- before any row, as everywhere
    perform fn.refuse_deleted(_account_id, _project_id);
    -- The order of fn.create_placements: widgets, pages, placements.
    perform from public.widget as w
    where w.account_id = _account_id and w.project_id = _project_id
    order by w.id
    for no key update;
    perform from public.page as p
    where p.account_id = _account_id and p.project_id = _project_id and p.id = any (_page_ids)
    order by p.id
    for no key update;
    get diagnostics _count = row_count;
    if _count < cardinality(_page_ids) then
        raise exception 'There is no such page.' using errcode = 'FB404', hint = 'See the pages of your project.';
    end if;
end;
$$;

comment on function fn.lock_merge_pages is
'Locks a project''s widgets and these pages, so that they can be merged or the merge undone. FB404, FB409.';
