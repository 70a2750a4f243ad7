-- Called by app as account.
-- Any member may read this: row-level security decides, not fn.allow.
create function fn.widget_names(_account_id uuid, _project_id uuid)
returns table (id uuid, name text, type text)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    select s.id, s.name, s.type
    from public.widget as s
    where s.account_id = _account_id and s.project_id = _project_id
    order by lower(s.name), s.id;
end;
$$;

comment on function fn.widget_names is 'Widgets of a project by name, for filters.';
