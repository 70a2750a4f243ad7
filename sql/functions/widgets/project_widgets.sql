-- Called by owner as caller.
create function fn.project_widgets(_account_id uuid, _project_id uuid)
returns table (id uuid, name text, type text, visitor_policy text, edit_seconds double precision, options text)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    select
        s.id, s.name, s.type, s.visitor_policy, extract(epoch from s.edit_window)::double precision,
        (
            select jsonb_agg(
                jsonb_build_object('value', o.value, 'label', o.label, 'icon', o.icon, 'weight', o.weight)
                order by o.position
            )::text
            from public.option as o
            where o.account_id = s.account_id and o.widget_id = s.id and o.retired_at is null
        )
    from public.widget as s
    where s.account_id = _account_id and s.project_id = _project_id
    order by s.created_at, s.id;
end;
$$;

comment on function fn.project_widgets is 'Widgets of a project, oldest first, with their options in order as JSON.';
