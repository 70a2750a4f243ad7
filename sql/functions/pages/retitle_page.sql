-- Called by app as account.
create function fn.retitle_page(_account_id uuid, _project_id uuid, _id uuid, _title text) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _page public.page;
begin
    perform fn.allow(_account_id, 'editor', _project_id);
    if char_length(_title) not between 1 and 300 then
        raise exception 'The title must have 1 to 300 characters.' using errcode = 'FB422';
    end if;
    _page := fn.page_of_project(_account_id, _project_id, _id);
    if _page.title is distinct from _title then
        update public.page as p set title = _title where p.account_id = _account_id and p.id = _id;
        perform fn.add_audit_entry(
            _account_id, 'page.retitled', _page.key, jsonb_build_object('from', _page.title, 'to', _title)
        );
    end if;
end;
$$;

comment on function fn.retitle_page is
'Sets the title of a page; null removes it, and the page may send one again. FB422 for a title of a wrong length; FB404, FB403.';
