create function fn.content_of_project(_account_id uuid, _project_id uuid, _id uuid) returns public.content
language plpgsql volatile
set search_path = ''
as $$
declare
    _content public.content;
begin
    select c.* into _content
    from public.content as c
    join public.content_set as s on s.account_id = c.account_id and s.id = c.content_set_id
    where c.account_id = _account_id and c.id = _id and s.project_id = _project_id
    for no key update of c;
    if not found then
        raise exception 'There is no such content.' using errcode = 'FB404', hint = 'See the contents of your sets.';
    end if;
    return _content;
end;
$$;

comment on function fn.content_of_project is 'A content, locked to be changed; FB404 where the project has none of that id.';
