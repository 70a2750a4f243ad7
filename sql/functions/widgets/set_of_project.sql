create function fn.set_of_project(_account_id uuid, _project_id uuid, _id uuid) returns public.content_set
language plpgsql volatile
set search_path = ''
as $$
declare
    _set public.content_set;
begin
    select * into _set from public.content_set as s
    where s.account_id = _account_id and s.project_id = _project_id and s.id = _id
    for no key update;
    if not found then
        raise exception 'There is no such content set.' using errcode = 'FB404', hint = 'See the sets of your project.';
    end if;
    return _set;
end;
$$;

comment on function fn.set_of_project is 'A content set, locked to be changed; FB404 where the project has none of that id.';
