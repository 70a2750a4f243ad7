-- Called by jobs as installation.
create function fn.refresh_leaders() returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    refresh materialized view concurrently mv.leader;
end;
$$;

comment on function fn.refresh_leaders is 'Ranks the placements of every project again, without blocking readers.';
