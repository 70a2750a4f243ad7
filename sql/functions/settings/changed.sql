create function fn.changed(_old jsonb, _new jsonb) returns jsonb
language plpgsql immutable
set search_path = pg_catalog, pg_temp
as $$
begin
    return (
        select jsonb_object_agg(n.key, jsonb_build_object('from', _old -> n.key, 'to', n.value))
        from jsonb_each(_new) as n
        where n.value is distinct from _old -> n.key
    );
end;
$$;

comment on function fn.changed is
'Differences between two rows as JSON, as {name: {from, to}} for the audit log; null without any.';
