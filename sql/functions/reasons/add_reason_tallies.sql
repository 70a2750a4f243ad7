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
    select distinct account_id, placement_id, day, false
    from unnest(_account_ids, _placement_ids, _days) as d (account_id, placement_id, day)
    order by account_id, placement_id, day
    on conflict (account_id, placement_id, day) do nothing;
    insert into public.reason_tally_day as t (account_id, placement_id, day, reason_no, count)
    select account_id, placement_id, day, reason_no, greatest(sum(n), 0)
    from unnest(_account_ids, _placement_ids, _days, _reason_nos, _deltas)
        as d (account_id, placement_id, day, reason_no, n)
    group by account_id, placement_id, day, reason_no
    having sum(n) <> 0
    order by account_id, placement_id, day, reason_no
    on conflict (account_id, placement_id, day, reason_no) do update set count = t.count + excluded.count;
    if _takes then
        update public.reason_tally_day as t
        set count = t.count + d.n
        from (
            select account_id, placement_id, day, reason_no, sum(n) as n
            from unnest(_account_ids, _placement_ids, _days, _reason_nos, _deltas)
                as d (account_id, placement_id, day, reason_no, n)
            group by account_id, placement_id, day, reason_no
            having sum(n) < 0
        ) as d
        where t.account_id = d.account_id and t.placement_id = d.placement_id and t.day = d.day
            and t.reason_no = d.reason_no;
    end if;

    insert into public.reason_tally as t (account_id, placement_id, reason_no, count)
    select account_id, placement_id, reason_no, greatest(sum(n), 0)
    from unnest(_account_ids, _placement_ids, _reason_nos, _deltas) as d (account_id, placement_id, reason_no, n)
    group by account_id, placement_id, reason_no
    having sum(n) <> 0
    order by account_id, placement_id, reason_no
    on conflict (account_id, placement_id, reason_no) do update set count = t.count + excluded.count;
    if _takes then
        update public.reason_tally as t
        set count = t.count + d.n
        from (
            select account_id, placement_id, reason_no, sum(n) as n
            from unnest(_account_ids, _placement_ids, _reason_nos, _deltas) as d (account_id, placement_id, reason_no, n)
            group by account_id, placement_id, reason_no
            having sum(n) < 0
        ) as d
        where t.account_id = d.account_id and t.placement_id = d.placement_id and t.reason_no = d.reason_no;
    end if;
end;
$$;

comment on function fn.add_reason_tallies is
'The only writer of tallies of reasons: adds each delta to its placement''s counters, of the day and of all time. Its rows come
after those of fn.add_tallies in the order of locks.';
