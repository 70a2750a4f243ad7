create function fn.add_tallies(
    _account_ids uuid[], _placement_ids uuid[], _option_nos smallint[], _days date[], _deltas integer[],
    _is_recent boolean default false
) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    -- Only edits and removals take counts away, once all rows are locked: a row that is inserted is checked against
    -- count >= 0 before it is found to exist, and rows that exist and rows that do not must be taken in one order.
    _takes boolean := 0 > any (_deltas);
begin
    if not _is_recent then
        insert into public.tally_change as c (account_id, placement_id, day)
        select distinct _account_ids[n], placement_id, day
        from unnest(_placement_ids, _days) with ordinality as d (placement_id, day, n)
        order by 1, 2, 3
        -- An existing row is locked until commit, so that it is not rolled up before these counts are visible.
        on conflict (account_id, placement_id, day) do update set is_late = true where not c.is_late;
    end if;
    insert into public.tally_day as t (account_id, placement_id, day, option_no, count)
    select _account_ids[n], _placement_ids[n], _days[n], _option_nos[n], greatest(sum(_deltas[n]), 0)
    from generate_subscripts(_deltas, 1) as n
    group by 1, 2, 3, 4
    having sum(_deltas[n]) <> 0
    order by 1, 2, 3, 4
    on conflict (account_id, placement_id, day, option_no) do update set count = t.count + excluded.count;
    if _takes then
        update public.tally_day as t
        set count = t.count + d.delta
        from (
            select min(n) as n, placement_id, option_no, day, sum(delta) as delta
            from unnest(_placement_ids, _option_nos, _days, _deltas) with ordinality
                as d (placement_id, option_no, day, delta, n)
            group by placement_id, option_no, day
            having sum(delta) < 0
        ) as d
        where t.account_id = _account_ids[d.n] and t.placement_id = d.placement_id and t.day = d.day
            and t.option_no = d.option_no;
    end if;

    insert into public.tally as t (account_id, placement_id, option_no, count)
    select _account_ids[n], _placement_ids[n], _option_nos[n], greatest(sum(_deltas[n]), 0)
    from generate_subscripts(_deltas, 1) as n
    group by 1, 2, 3
    having sum(_deltas[n]) <> 0
    order by 1, 2, 3
    on conflict (account_id, placement_id, option_no) do update set count = t.count + excluded.count;
    if _takes then
        update public.tally as t
        set count = t.count + d.delta
        from (
            select min(n) as n, placement_id, option_no, sum(delta) as delta
            from unnest(_placement_ids, _option_nos, _deltas) with ordinality as d (placement_id, option_no, delta, n)
            group by placement_id, option_no
            having sum(delta) < 0
        ) as d
        where t.account_id = _account_ids[d.n] and t.placement_id = d.placement_id and t.option_no = d.option_no;
    end if;
end;
$$;

comment on function fn.add_tallies is
'The only writer of tallies: adds each delta to its placement''s counters, of the day and of all time. Rows are locked by key,
days before all time, so that batches never wait for each other in a circle. Changes that are not recent are recorded for the
aggregates (fn.gather_tally_changes finds recent ones by time).';
