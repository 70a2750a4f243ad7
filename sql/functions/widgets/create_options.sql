create function fn.create_options(_account_id uuid, _widget_id uuid, _type text, _options jsonb) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    perform fn.check_options(_type, _options);
    insert into public.option (account_id, widget_id, no, position, value, aliases, label, icon, weight)
    select _account_id, _widget_id, o.n, o.n, o.value, o.aliases, o.label, o.icon, o.weight
    from fn.new_options(_type, _options) as o
    -- There is none. But Citus copies rows that are inserted without it, which row-level security does not take.
    on conflict do nothing;
end;
$$;

comment on function fn.create_options is 'The ordered options of a new widget, see fn.new_options; FB422.';
