-- Called by ingest as installation.
create function fn.ingest_placement(_id uuid) returns table (widget_id uuid, key text)
language plpgsql stable
set search_path = ''
as $$
begin
    return query select c.widget_id, c.key from public.placement as c where c.id = _id;
end;
$$;

comment on function fn.ingest_placement is 'The widget and the key of a page that a page names by its id.';
