create function fn.reconcile_periods(_account_id uuid, _project_id uuid, _now timestamptz default now()) returns bigint
language plpgsql volatile
set search_path = ''
as $$
#variable_conflict use_column
declare
    _count bigint;
begin
    perform pg_advisory_xact_lock(hashtext('fn.close_periods'));
    with actual as (
        select t.placement_id, k.unit, fn.period_start(k.unit, t.day) as starts_on, sum(t.rolled)::bigint as n
        from public.widget as s
        join public.placement as c on c.account_id = s.account_id and c.widget_id = s.id
        join public.tally_day as t on t.account_id = c.account_id and t.placement_id = c.id
        join public.period_close as k on k.account_id = s.account_id and k.project_id = s.project_id
        where s.account_id = _account_id and s.project_id = _project_id
            and fn.period_start(k.unit, t.day) <= k.starts_on
        group by t.placement_id, k.unit, fn.period_start(k.unit, t.day)
        having sum(t.rolled) <> 0
    ), closed as (
        select p.scope_id as placement_id, p.unit, p.starts_on, p.total as n
        from public.period as p
        where p.account_id = _account_id and p.project_id = _project_id and p.scope = 'placement'
    ), difference as (
        select placement_id, unit, starts_on, coalesce(t.n, 0) as counted, coalesce(a.n, 0) as actual
        from actual as a
        full join closed as t using (placement_id, unit, starts_on)
        where coalesce(t.n, 0) <> coalesce(a.n, 0)
            -- What is known to wait for being closed again is no difference.
            and not exists (
                select from public.period_change as h
                where h.account_id = _account_id and h.project_id = _project_id and h.unit = unit
                    and h.starts_on = starts_on and h.placement_id = placement_id
            )
    ), changes as (
        insert into public.period_change (account_id, project_id, unit, starts_on, placement_id)
        select _account_id, _project_id, unit, starts_on, placement_id from difference
        on conflict (account_id, project_id, unit, starts_on, placement_id) do nothing
    ), record as (
        insert into public.reconciliation (account_id, id, detected_at, what, placement_id, day, option_no, counted, actual)
        select _account_id, fn.uuid_v7(_now), _now, unit, placement_id, starts_on, 0, counted, actual from difference
    )
    select count(*) into _count from difference;
    if _count > 0 then
        perform fn.close_changed_periods(_account_id);
    end if;
    return _count;
end;
$$;

comment on function fn.reconcile_periods is
'Compares closed periods of a project''s placements with the daily tallies that were rolled up; closes differing ones and those
they are part of again, and records them under their unit as option 0. Returns how many.';
