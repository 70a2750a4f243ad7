-- Called by app as installation.
create function fn.presets() returns table (name text, type text, options_json text, follow_ups_json text)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    select p.name, p.type, json_agg(
        json_build_object('value', p.value, 'label', p.label, 'icon', p.icon, 'weight', p.weight, 'count', 0)
        order by p.position
    )::text, fn.preset_follow_ups(p.type, p.name)::text
    from fn.preset as p
    join fn.widget_type as w on w.name = p.type
    where p.name <> 'pulse-like'  -- the same as pulse, by the name that published pages send
    group by p.name, p.type, w.position
    order by w.position, p.name <> p.type, p.name;
end;
$$;

comment on function fn.presets is 'Every preset with its type and its options in order and its follow-ups, as JSON.';
