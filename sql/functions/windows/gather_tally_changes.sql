-- Called by jobs as installation.
create function fn.gather_tally_changes(_account_id uuid, _tallies jsonb, _now timestamptz) returns integer
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _gathered integer;
begin
    insert into public.tally_change (account_id, placement_id, day, is_late)
    select _account_id, n.placement_id, n.day, n.created_at < fn.full_hour(_now)
    from (
        select (t.tally ->> 0)::uuid as placement_id, (t.tally ->> 1)::date as day, (t.tally ->> 2)::timestamptz as created_at
        from jsonb_array_elements(_tallies) as t (tally)
    ) as n
    -- One look-up each, which is all that a tally costs that was passed on already.
    where exists (
        select 1 from public.tally_day as t
        where t.account_id = _account_id and t.placement_id = n.placement_id and t.day = n.day and t.count <> t.rolled
    )
    order by n.placement_id, n.day
    on conflict (account_id, placement_id, day) do nothing;
    get diagnostics _gathered = row_count;
    return _gathered;
end;
$$;

comment on function fn.gather_tally_changes is
'Records which of these daily tallies of an account (fn.new_tallies) new responses have changed; returns how many.';
