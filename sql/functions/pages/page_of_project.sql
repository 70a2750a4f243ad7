create function fn.page_of_project(_account_id uuid, _project_id uuid, _id uuid) returns public.page
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _page public.page;
begin
    select p.* into _page
    from public.page as p
    where p.account_id = _account_id and p.project_id = _project_id and p.id = _id
    for no key update;
    if not found then
        raise exception 'There is no such page.' using errcode = 'FB404', hint = 'See the pages of your project.';
    end if;
    if _page.merged_into is not null then
        raise exception 'This page has been merged into another.' using errcode = 'FB409',
            hint = 'Change that page, or undo the merge.';
    end if;
    return _page;
end;
$$;

comment on function fn.page_of_project is 'A page, locked for changes; FB404 for no such page in the project, FB409 for one
that has been merged.';
