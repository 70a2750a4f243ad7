-- Called by jobs as installation.
create function fn.finish_comparison(_started_at timestamptz, _is_complete boolean, _now timestamptz default now()) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _next_at timestamptz := (
        select _now + interval '30 seconds' * least(2 ^ least(b.comparison_attempts - 1, 10), 120) from public.billing as b
    );
begin
    update public.billing
    set compared_at = case when _is_complete then greatest(compared_at, _started_at) else compared_at end,
        comparison_next_at = case when _is_complete then '-infinity' else _next_at end,
        comparison_attempts = case when _is_complete then 0 else comparison_attempts end;
end;
$$;

comment on function fn.finish_comparison is
'Records that a comparison is complete. Otherwise it is tried again after 30 seconds, then after twice as long each time, up to an
hour.';
