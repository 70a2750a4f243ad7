-- Called by ingest as installation.
create function fn.ingest_placement(_id uuid) returns table (widget_id uuid, key text)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return query select c.widget_id, c.key from public.placement as c where c.id = _id;
end;
$$;

comment on function fn.ingest_placement is 'Widget and page key of a placement, by its id.';
