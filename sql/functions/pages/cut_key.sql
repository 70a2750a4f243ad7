-- Called by ingest as installation.
create function fn.cut_key(_account_id uuid, _widget_id uuid, _key text) returns text
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    -- Ordered byte by byte, $ follows #: the keys that begin with `_key#` are one range.
    return (
        select case when count(*) = 1 then min(c.key) end
        from (
            select c.key
            from public.placement as c
            where c.account_id = _account_id and c.widget_id = _widget_id
                and c.key >= _key || '#' and c.key < _key || '$'
            limit 2
        ) as c
    );
end;
$$;

comment on function fn.cut_key is
'The whole key where exactly one page''s key continues with # after _key; otherwise null. Published SDKs cut literal keys at a
#.';
