-- Called by jobs as installation.
create function fn.emit_refusal_spikes(_account_id uuid, _now timestamptz default now()) returns integer
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _hour constant timestamptz := date_trunc('hour', _now) - interval '1 hour';
    _spike record;
    _emitted integer := 0;
begin
    for _spike in
        select s.project_id,
            jsonb_agg(
                jsonb_build_object('reason', s.reason, 'count', s.count, 'usual', s.usual) order by s.count desc
            ) as refusals
        from (
            select r.project_id, r.reason, coalesce(sum(r.count) filter (where r.hour = _hour), 0) as count,
                round(coalesce(sum(r.count) filter (where r.hour < _hour), 0) / 168, 1) as usual
            from (
                select distinct d.project_id from public.destination as d
                where d.account_id = _account_id and d.disabled_at is null and 'refusals.spike' = any (d.events)
            ) as d
            join public.refusal as r on r.account_id = _account_id and r.project_id = d.project_id
            where r.hour between _hour - interval '7 days' and _hour
            group by r.project_id, r.reason
        ) as s
        where s.count >= 50 and s.count >= 10 * s.usual and not exists (
            select 1 from public.event as e
            where e.account_id = _account_id and e.project_id = s.project_id and e.type = 'refusals.spike'
                and e.created_at > _now - interval '1 day'
        )
        group by s.project_id
    loop
        perform fn.emit(
            _account_id, _spike.project_id, 'refusals.spike',
            jsonb_build_object('hour', fn.event_time(_hour), 'refusals', _spike.refusals), _now
        );
        _emitted := _emitted + 1;
    end loop;
    return _emitted;
end;
$$;

comment on function fn.emit_refusal_spikes is
'Emits, once a day, each project of an account of which at least 50 responses were refused for a reason in the hour before, and
ten times as many as in a usual hour of the 7 days before. Returns how many.';
