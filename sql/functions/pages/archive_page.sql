-- Called by app as account.
create function fn.archive_page(_account_id uuid, _project_id uuid, _id uuid, _now timestamptz default now())
returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _page public.page;
begin
    perform fn.allow(_account_id, 'editor', _project_id);
    perform fn.refuse_deleted(_account_id, _project_id);
    _page := fn.page_of_project(_account_id, _project_id, _id);
    if _page.archived_at is null then
        update public.page as p set archived_at = _now where p.account_id = _account_id and p.id = _id;
        update public.placement as c set archived_at = _now
        where c.account_id = _account_id and c.page_id = _id and c.archived_at is null;
        perform fn.add_audit_entry(_account_id, 'page.archived', _page.key);
    end if;
end;
$$;

comment on function fn.archive_page is
'Archives a page: its widgets accept no responses there, and its counts stay. Does nothing the second time. FB404, FB403,
FB409.';
