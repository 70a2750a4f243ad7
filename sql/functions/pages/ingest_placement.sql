-- Called by ingest as installation.
create function fn.ingest_placement(_id uuid) returns table (widget_id uuid, key text)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
    _account_id uuid := fn.directory_account('placement', uuid_send(_id));
begin
    return query
    select c.widget_id, c.key from public.placement as c where c.account_id = _account_id and c.id = _id;
end;
$$;

comment on function fn.ingest_placement is 'Widget and page key of a placement, by its id.';
