create function fn.check_scope(_account_id uuid, _project_id uuid, _scope text, _id uuid) returns void
language plpgsql stable
set search_path = ''
as $$
begin
    if not (case _scope
        when 'project' then exists (
            select from public.project as p where p.account_id = _account_id and p.id = _project_id
        )
        when 'set' then exists (
            select from public.content_set as s
            where s.account_id = _account_id and s.project_id = _project_id and s.id = _id
        )
        else exists (
            select from public.content as c
            join public.content_set as s on s.account_id = c.account_id and s.id = c.content_set_id
            where c.account_id = _account_id and c.id = _id and s.project_id = _project_id
        )
    end) then
        raise exception 'There is no such %.', case _scope when 'set' then 'content set' else _scope end
            using errcode = 'FB404', hint = 'See the list of yours.';
    end if;
end;
$$;

comment on function fn.check_scope is 'Refuses (FB404) a project that is not there, or a set or content that is not of it.';
