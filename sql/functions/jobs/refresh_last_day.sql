-- Called by jobs as installation.
create function fn.refresh_last_day() returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    refresh materialized view concurrently mv.last_day;
    refresh materialized view concurrently mv.last_day_leader;
    refresh materialized view concurrently mv.last_hour;
end;
$$;

comment on function fn.refresh_last_day is
'Recounts the last 24 hours, by placement and hour, and their leaders, without blocking readers.';
