-- Called by jobs as installation.
create function fn.gather_tally_changes(_now timestamptz default now()) returns bigint
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _from timestamptz;
    _from_id uuid;
    _gathered bigint;
begin
    -- Gathered in the future: the clock was wrong, for how long nobody knows.
    select case when r.gathered_at > _now then '-infinity' else r.gathered_at - interval '2 minutes' end into _from
    from public.roll_up as r for update;
    _from_id := fn.uuid_floor(greatest(_from - interval '1 day', timestamptz 'epoch'));
    insert into public.tally_change (account_id, placement_id, day, is_late)
    select n.account_id, n.placement_id, n.day, n.created_at < fn.full_hour(_now)
    from (
        select f.account_id, f.placement_id, f.counted_on as day, min(f.created_at) as created_at
        from public.response as f
        -- By the id too, which is of the same time: no month is looked into but the last.
        where f.created_at >= _from and f.id >= _from_id
        group by f.account_id, f.placement_id, f.counted_on
    ) as n
    -- One look-up each, which is all that a tally costs that was passed on already.
    cross join lateral (
        select from public.tally_day as t
        where t.account_id = n.account_id and t.placement_id = n.placement_id and t.day = n.day and t.count <> t.rolled
        limit 1
    ) as t
    order by n.account_id, n.placement_id, n.day
    on conflict (account_id, placement_id, day) do nothing;
    get diagnostics _gathered = row_count;
    update public.roll_up set gathered_at = _now;
    return _gathered;
end;
$$;

comment on function fn.gather_tally_changes is
'Records daily tallies that new responses have changed since the last call; returns how many. Looks back two minutes further,
for late commits.';
