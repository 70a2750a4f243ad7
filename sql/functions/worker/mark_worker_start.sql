-- Called by jobs as installation.
create function fn.mark_worker_start(_started_at timestamptz, _error text, _now timestamptz default now()) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    -- A failed start may be tried again by anybody: in 5 seconds, then in twice as long each time, up to 5 minutes.
    update public.worker_start as w
    set failures = case when _error is null then 0 else w.failures + 1 end,
        last_error = left(_error, 500),
        started_at = case
            when _error is null then w.started_at
            else _now - interval '1 minute' + least(interval '5 seconds' * 2 ^ least(w.failures, 10), interval '5 minutes')
        end
    where w.started_at = _started_at;
end;
$$;

comment on function fn.mark_worker_start is
'Records the result of a start claimed at _started_at; _error is null on success. After a failure it may be claimed sooner than
after a success, later with each further failure.';
