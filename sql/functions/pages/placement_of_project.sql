create function fn.placement_of_project(_account_id uuid, _project_id uuid, _id uuid) returns public.placement
language plpgsql volatile
set search_path = ''
as $$
declare
    _placement public.placement;
begin
    select c.* into _placement
    from public.placement as c
    join public.widget as s on s.account_id = c.account_id and s.id = c.widget_id
    where c.account_id = _account_id and c.id = _id and s.project_id = _project_id
    for no key update of c;
    if not found then
        raise exception 'There is no such page.' using errcode = 'FB404', hint = 'See the pages of your widgets.';
    end if;
    return _placement;
end;
$$;

comment on function fn.placement_of_project is 'A page, locked to be changed; FB404 where the project has none of that id.';
