-- Called by app as account.
-- Any member may read this: row-level security decides, not fn.allow.
create function fn.widget_choices(_account_id uuid, _project_id uuid) returns table (id uuid, name text, type text, options_json text)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    select s.id, s.name, s.type, json_agg(
        json_build_object('value', o.value, 'label', o.label, 'icon', o.icon, 'weight', o.weight, 'count', 0) order by o.position
    )::text
    from public.widget as s
    join public.option as o on o.account_id = s.account_id and o.widget_id = s.id
    where s.account_id = _account_id and s.project_id = _project_id
    group by s.id, s.name, s.type, s.created_at
    order by s.created_at, s.id;
end;
$$;

comment on function fn.widget_choices is 'Widgets of a project, oldest first, with their options, for filters.';
