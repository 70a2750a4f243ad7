create function fn.check_scope(_account_id uuid, _project_id uuid, _scope text, _id uuid) returns void
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    if not (case _scope
        when 'project' then exists (
            select 1 from public.project as p where p.account_id = _account_id and p.id = _project_id
        )
        when 'widget' then exists (
            select 1 from public.widget as s
            where s.account_id = _account_id and s.project_id = _project_id and s.id = _id
        )
        else exists (
            select 1 from public.placement as c
            join public.widget as s on s.account_id = c.account_id and s.id = c.widget_id
            where c.account_id = _account_id and c.id = _id and s.project_id = _project_id
        )
    end) then
        raise exception 'There is no such %.', case _scope when 'widget' then 'widget' else _scope end
            using errcode = 'FB404', hint = 'See the list of your projects.';
    end if;
end;
$$;

comment on function fn.check_scope is 'Requires a project, or a widget or placement of it, to exist; FB404.';
