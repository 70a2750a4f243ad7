create function fn.widget_options(_account_id uuid, _widget_id uuid) returns jsonb
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return (
        select jsonb_agg(
            jsonb_build_object(
                'value', o.value, 'label', o.label, 'icon', o.icon, 'weight', o.weight, 'aliases', o.aliases,
                'retired', o.retired_at is not null
            )
            order by o.retired_at is not null, o.position, o.no
        )
        from public.option as o
        where o.account_id = _account_id and o.widget_id = _widget_id
    );
end;
$$;

comment on function fn.widget_options is 'All options of a widget as JSON: in order, retired ones last.';
