create function fn.add_reason_tallies(
    _account_ids uuid[], _placement_ids uuid[], _reason_nos smallint[], _days date[], _deltas integer[]
) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    -- As fn.add_tallies: first all rows are locked by key, then counts are taken away.
    _takes boolean := 0 > any (_deltas);
begin
    -- Open screens learn of it as of any other change of their numbers: with the next roll-up.
    insert into public.tally_change as c (account_id, placement_id, day, is_late)
    select distinct _account_ids[n], placement_id, day, false
    from unnest(_placement_ids, _days) with ordinality as d (placement_id, day, n)
    order by 1, 2, 3
    on conflict (account_id, placement_id, day) do nothing;
    insert into public.reason_tally_day as t (account_id, placement_id, day, reason_no, count)
    select _account_ids[n], placement_id, day, reason_no, greatest(sum(delta), 0)
    from unnest(_placement_ids, _days, _reason_nos, _deltas) with ordinality
        as d (placement_id, day, reason_no, delta, n)
    group by 1, 2, 3, 4
    having sum(delta) <> 0
    order by 1, 2, 3, 4
    on conflict (account_id, placement_id, day, reason_no) do update set count = t.count + excluded.count;
    if _takes then
        update public.reason_tally_day as t
        set count = t.count + d.delta
        from (
            select min(n) as n, placement_id, day, reason_no, sum(delta) as delta
            from unnest(_placement_ids, _days, _reason_nos, _deltas) with ordinality
                as d (placement_id, day, reason_no, delta, n)
            group by placement_id, day, reason_no
            having sum(delta) < 0
        ) as d
        where t.account_id = _account_ids[d.n] and t.placement_id = d.placement_id and t.day = d.day
            and t.reason_no = d.reason_no;
    end if;

    insert into public.reason_tally as t (account_id, placement_id, reason_no, count)
    select _account_ids[n], placement_id, reason_no, greatest(sum(delta), 0)
    from unnest(_placement_ids, _reason_nos, _deltas) with ordinality as d (placement_id, reason_no, delta, n)
    group by 1, 2, 3
    having sum(delta) <> 0
    order by 1, 2, 3
    on conflict (account_id, placement_id, reason_no) do update set count = t.count + excluded.count;
    if _takes then
        update public.reason_tally as t
        set count = t.count + d.delta
        from (
            select min(n) as n, placement_id, reason_no, sum(delta) as delta
            from unnest(_placement_ids, _reason_nos, _deltas) with ordinality as d (placement_id, reason_no, delta, n)
            group by placement_id, reason_no
            having sum(delta) < 0
        ) as d
        where t.account_id = _account_ids[d.n] and t.placement_id = d.placement_id and t.reason_no = d.reason_no;
    end if;
end;
$$;

comment on function fn.add_reason_tallies is
'The only writer of tallies of reasons: adds each delta to its placement''s counters, of the day and of all time. Its rows come
after those of fn.add_tallies in the order of locks.';
