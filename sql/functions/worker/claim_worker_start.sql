-- Called by jobs as installation.
create function fn.claim_worker_start(_machine text, _now timestamptz default now())
returns table (is_due boolean, is_mine boolean, started_at timestamptz, look_in double precision, silent_starts integer)
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    _again_after constant interval := '1 minute';  -- by then it has taken its first mail, or did not start
    _start public.worker_start;
    _wait interval;
    _is_silent boolean;
    _is_mine boolean;
begin
    if not exists (select 1 from fn.work_kind as k where k.due_at <= _now) then
        return query select false, false, null::timestamptz, null::double precision, 0;
        return;
    end if;
    select * into _start from public.worker_start as w for update;
    -- Fly said that it starts, and no worker has begun since.
    _is_silent := _start.started_at is not null and _start.started_at <= _now - _again_after and _start.last_error is null
        and coalesce(_start.seen_at < _start.started_at, true);
    -- In a minute, then in twice as long each time, up to an hour.
    _wait := _again_after * case when _is_silent then least(2 ^ least(_start.silent_starts, 10), 60) else 1 end;
    _is_mine := _start.started_at is null or _start.started_at <= _now - _wait;
    if _is_mine then
        update public.worker_start as w
        set started_at = _now, started_by = _machine, silent_starts = w.silent_starts + _is_silent::integer
        returning * into _start;
        _wait := _again_after;
    end if;
    return query select true, _is_mine, _start.started_at, extract(epoch from _start.started_at + _wait - _now)::double precision,
        case when _is_mine and _is_silent then _start.silent_starts else 0 end;
end;
$$;

comment on function fn.claim_worker_start is
'Whether work is due for the worker machine; whether the caller must start it, as one of all callers within a minute; in how
many seconds to look again; and, for the caller that must start it, how many starts before were in vain: Fly reported no error, but no worker
began. After each of these the next start is put off for longer, up to an hour.';
