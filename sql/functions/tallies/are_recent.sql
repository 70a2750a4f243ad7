create function fn.are_recent(_created_ms bigint[]) returns boolean
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return (select min(c.ms) from unnest(_created_ms) as c (ms)) >= extract(epoch from now() - interval '1 minute') * 1000;
end;
$$;

comment on function fn.are_recent is
'Whether fn.new_tallies will find responses of these times (milliseconds since 1970), just stored, by their time: it looks back two
minutes, of which the transaction has one. They are older where a web server''s clock is slow, or they waited for the database.
Part of fn.ingest_responses.';
