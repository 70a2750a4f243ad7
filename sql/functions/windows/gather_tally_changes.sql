create function fn.gather_tally_changes(_now timestamptz default now()) returns bigint
language plpgsql volatile
set search_path = ''
as $$
declare
    _from timestamptz;
    _gathered bigint;
begin
    select greatest(r.gathered_at - interval '2 minutes', '-infinity') into _from
    from public.roll_up as r for update;
    insert into public.tally_change (account_id, content_id, day)
    select distinct f.account_id, f.content_id, f.counted_on
    from public.feelback as f
    where f.created_at >= _from
    order by f.account_id, f.content_id, f.counted_on
    on conflict (account_id, content_id, day) do nothing;
    get diagnostics _gathered = row_count;
    update public.roll_up set gathered_at = _now;
    return _gathered;
end;
$$;

comment on function fn.gather_tally_changes is
'Notes the daily tallies that new signals have changed since the last time; returns how many. It looks back two minutes
further than it must, for signals that were made before and committed after; a tally noted in vain costs a look-up.';
