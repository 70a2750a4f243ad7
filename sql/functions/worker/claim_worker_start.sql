-- Called by jobs as installation.
create function fn.claim_worker_start(_machine text, _now timestamptz default now())
returns table (is_due boolean, is_mine boolean, started_at timestamptz, look_in double precision)
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    _again_after constant interval := '1 minute';  -- by then it has taken its first mail, or did not start
    _started_at timestamptz;
    _is_mine boolean;
begin
    if not exists (select from fn.work_kind as k where k.due_at <= _now) then
        return query select false, false, null::timestamptz, null::double precision;
        return;
    end if;
    update public.worker_start as w
    set started_at = _now, started_by = _machine
    where w.started_at is null or w.started_at <= _now - _again_after
    returning w.started_at into _started_at;
    _is_mine := found;
    if not _is_mine then
        select w.started_at into _started_at from public.worker_start as w;
    end if;
    return query select true, _is_mine, _started_at, extract(epoch from _started_at + _again_after - _now)::double precision;
end;
$$;

comment on function fn.claim_worker_start is
'Whether work is due for the worker machine; whether the caller must start it, as one of all callers within a minute; and in how
many seconds to look again.';
