-- Called by jobs as installation.
create function fn.mark_worker_seen(_now timestamptz default now()) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    update public.worker_start as w set seen_at = _now, silent_starts = 0;
end;
$$;

comment on function fn.mark_worker_seen is 'Records that a worker has begun to work, so that its start counts as successful.';
