-- Called by app as installation.
create function fn.demo_widgets(_account_id uuid, _project_id uuid, _key text)
returns table (id uuid, name text, type text, responses bigint, options_json text, fields_json text)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    select
        s.id, s.name, s.type, coalesce(sum(t.count), 0)::bigint,
        json_agg(
            json_build_object(
                'value', o.value, 'label', o.label, 'icon', o.icon, 'weight', o.weight, 'count', coalesce(t.count, 0)
            )
            order by o.position
        ) filter (where o.retired_at is null)::text,
        s.fields::text
    from public.widget as s
    join public.option as o on o.account_id = _account_id and o.widget_id = s.id
    left join public.placement as c on c.account_id = _account_id and c.widget_id = s.id and c.key = _key
    left join public.tally as t on t.account_id = _account_id and t.placement_id = c.id and t.option_no = o.no
    where s.account_id = _account_id and s.project_id = _project_id
    group by s.id, s.name, s.type, s.fields, s.created_at
    order by s.created_at, s.id;
end;
$$;

comment on function fn.demo_widgets is
'Widgets of a project, oldest first, with their counts on one page (its canonical key) as JSON by option in order, and with the
fields of forms: all that a website needs to draw them.';
