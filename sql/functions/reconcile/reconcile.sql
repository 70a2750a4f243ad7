create function fn.reconcile(_slice integer default null, _slices integer default 96, _now timestamptz default now())
returns table (what text, looked_at bigint, differed bigint)
language plpgsql volatile
set search_path = ''
as $$
#variable_conflict use_column
declare
    _days date[];
    _projects record;
begin
    -- Locked first, as everywhere: a transaction with locks on tallies never waits for this one.
    perform pg_advisory_xact_lock(hashtext('fn.roll_up_tallies'));
    if _slice is null then
        _days := array(
            select distinct day from public.tally_day
            union
            select distinct f.counted_on from public.response as f where f.counted_on is not null
        );
    else
        -- Yesterday and today every time, all others once in a round of slices.
        _days := array(
            select d::date
            from generate_series(
                (
                    select min(least(
                        (select min(t.day) from public.tally_day as t where t.account_id = p.account_id),
                        (select min(t.day) from public.widget_day as t where t.account_id = p.account_id and t.project_id = p.id)
                    ))
                    from public.project as p
                )::timestamp,
                (_now at time zone 'UTC') + interval '1 day', '1 day'
            ) as d
            where d >= (_now at time zone 'UTC') - interval '2 days' or (d::date - date '2000-01-01') % _slices = _slice
        );
    end if;
    what := 'days';
    looked_at := cardinality(_days);
    differed := coalesce((select sum(fn.reconcile_day(d, _now)) from unnest(_days) as d), 0);
    return next;
    what := 'totals';
    looked_at := (select count(*) from public.tally)
        / case when _slice is null then 1 else _slices end;
    differed := fn.reconcile_totals(_slice, _slices, _now);
    return next;
    what := 'days of widgets';
    looked_at := cardinality(_days);
    differed := coalesce((select sum(fn.reconcile_widget_days(d, _now)) from unnest(_days) as d), 0);
    return next;
    what := 'windows';
    select count(*) as n, coalesce(sum(fn.reconcile_windows(p.account_id, p.id, _now)), 0) as differed into _projects
    from public.project as p
    where _slice is null or abs(hashtext(p.id::text)::bigint) % _slices = _slice;
    looked_at := _projects.n;
    differed := _projects.differed;
    return next;
    what := 'periods';
    differed := (
        select coalesce(sum(fn.reconcile_periods(p.account_id, p.id, _now)), 0)
        from public.project as p
        where _slice is null or abs(hashtext(p.id::text)::bigint) % _slices = _slice
    );
    return next;
end;
$$;

comment on function fn.reconcile is
'Compares tallies with responses, totals and widgets'' days with tallies, and windows and closed periods with both, in all or in
one slice; corrects and records differences (reconciliation). Returns for each of the five how many were compared (projects, for
windows and periods) and how many differed.';
