-- Called by ingest as installation.
create function fn.ingest_content(_id uuid) returns table (content_set_id uuid, key text)
language plpgsql stable
set search_path = ''
as $$
begin
    return query select c.content_set_id, c.key from public.content as c where c.id = _id;
end;
$$;

comment on function fn.ingest_content is 'The set and the key of a content that a page names by its id.';
