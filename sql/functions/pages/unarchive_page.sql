-- Called by app as account.
create function fn.unarchive_page(_account_id uuid, _project_id uuid, _id uuid) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _page public.page;
    _count bigint;
begin
    perform fn.allow(_account_id, 'editor', _project_id);
    perform fn.refuse_deleted(_account_id, _project_id);
    _page := fn.page_of_project(_account_id, _project_id, _id);
    perform fn.refuse_deleted(_account_id, _project_id, _page.deletion_id);
    update public.placement as c set archived_at = null
    where c.account_id = _account_id and c.page_id = _id and c.archived_at is not null
        -- One that is being deleted stays closed.
        and not exists (select 1 from public.deletion as d where d.account_id = _account_id and d.id = c.id);
    get diagnostics _count = row_count;
    if _page.archived_at is not null or _count > 0 then
        update public.page as p set archived_at = null where p.account_id = _account_id and p.id = _id;
        perform fn.add_audit_entry(_account_id, 'page.unarchived', _page.key);
    end if;
end;
$$;

comment on function fn.unarchive_page is
'Unarchives a page with all its placements, except those being deleted. Does nothing the second time. FB404, FB403, FB409.';
