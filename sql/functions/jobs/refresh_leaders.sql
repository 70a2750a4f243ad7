-- Called by jobs as installation.
create function fn.refresh_leaders() returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    refresh materialized view concurrently mv.leader;
    refresh materialized view concurrently mv.page_leader;
end;
$$;

comment on function fn.refresh_leaders is 'Ranks the placements and pages of every project again, without blocking readers.';
