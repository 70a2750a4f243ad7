create function fn.rescore_widget(_account_id uuid, _widget_id uuid, _now timestamptz default now()) returns bigint
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    _count bigint;
begin
    insert into public.tally_change (account_id, placement_id, day)
    select distinct k.account_id, k.placement_id, (_now at time zone 'UTC')::date
    from public.placement_score as k
    where k.account_id = _account_id and k.widget_id = _widget_id
    order by 1, 2
    on conflict (account_id, placement_id, day) do nothing;
    get diagnostics _count = row_count;
    return _count;
end;
$$;

comment on function fn.rescore_widget is
'Has the next fn.roll_up_tallies score a widget''s placements again, after its options have changed; returns how many.';
