-- Called by jobs as installation.
create function fn.emit_page_turns(_account_id uuid, _now timestamptz default now()) returns integer
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _false_alarms constant double precision := 0.05;
    _least_shift constant double precision := 0.05;
    _most_days constant integer := 400;
    _test record;
    _days date[];
    _unhappy double precision[];
    _totals double precision[];
    _turn record;
    _parts record;
    _emitted integer := 0;
begin
    for _test in
        select w.project_id, c.id as placement_id, p.today, t.runs,
            coalesce(t.started_on, p.today - 60) as started_on, t.placement_id is null as is_new
        from (
            select distinct d.project_id from public.destination as d
            where d.account_id = _account_id and d.disabled_at is null and 'page.turned' = any (d.events)
        ) as d
        join lateral (
            select p.account_id, p.id, (_now at time zone p.time_zone)::date as today
            from public.project as p where p.account_id = _account_id and p.id = d.project_id
        ) as p on true
        join public.widget as w on w.account_id = p.account_id and w.project_id = p.id and fn.judges(w.type)
        join public.placement as c on c.account_id = w.account_id and c.widget_id = w.id
        left join public.turn_test as t on t.account_id = c.account_id and t.placement_id = c.id
        where coalesce(t.started_on, p.today) <= p.today and exists (
            select 1 from public.tally_day as y
            where y.account_id = c.account_id and y.placement_id = c.id and y.day between p.today - 1 and p.today
                and y.rolled > 0
        )
        order by c.id
    loop
        if _test.is_new then
            insert into public.turn_test (account_id, placement_id, project_id, started_on)
            values (_account_id, _test.placement_id, _test.project_id, _test.started_on)
            on conflict do nothing;
        end if;
        select array_agg(y.day order by y.day), array_agg(y.unhappy order by y.day), array_agg(y.total order by y.day)
        into _days, _unhappy, _totals
        from (
            select y.day, sum(case when o.weight < 0 then y.rolled else 0 end::double precision) as unhappy,
                sum(y.rolled::double precision) as total
            from public.tally_day as y
            join public.placement as c on c.account_id = y.account_id and c.id = y.placement_id
            join fn.scored_option as o
                on o.account_id = y.account_id and o.widget_id = c.widget_id and o.no = y.option_no and o.weight is not null
            where y.account_id = _account_id and y.placement_id = _test.placement_id and y.rolled > 0
                and y.day between _test.started_on and _test.today
            group by y.day
        ) as y;
        select * into _turn from fn.turn_evidence(_unhappy, _totals);
        if _turn.evidence >= -ln(_false_alarms * 0.5 ^ coalesce(_test.runs, 1)) then
            select sum(i.total) filter (where i.no <= _turn.turned) as total,
                sum(i.unhappy) filter (where i.no <= _turn.turned) as unhappy,
                sum(i.total) filter (where i.no > _turn.turned) as later_total,
                sum(i.unhappy) filter (where i.no > _turn.turned) as later_unhappy
            into _parts
            from unnest(_unhappy, _totals) with ordinality as i (unhappy, total, no);
            -- With many responses a change that nobody would mind is certain, too.
            if abs(_parts.later_unhappy / _parts.later_total - _parts.unhappy / _parts.total) >= _least_shift then
                perform fn.emit(_account_id, _test.project_id, 'page.turned', jsonb_build_object(
                    'placementId', _test.placement_id, 'since', _days[_turn.turned + 1],
                    'before', jsonb_build_object('responses', _parts.total, 'unhappy', _parts.unhappy),
                    'after', jsonb_build_object('responses', _parts.later_total, 'unhappy', _parts.later_unhappy)
                ), _now);
                _emitted := _emitted + 1;
                -- What showed the change must not show another: the next test has only new days.
                update public.turn_test as t set started_on = _test.today + 1, runs = 1
                where t.account_id = _account_id and t.placement_id = _test.placement_id;
                continue;
            end if;
        end if;
        if cardinality(_days) >= _most_days then
            update public.turn_test as t set started_on = _test.today + 1, runs = least(t.runs + 1, 100)
            where t.account_id = _account_id and t.placement_id = _test.placement_id;
        end if;
    end loop;
    return _emitted;
end;
$$;

comment on function fn.emit_page_turns is
'Looks at placements of an account with responses since yesterday, where a destination takes page.turned, and emits those whose
share of unhappy responses has changed by at least 5 percentage points, with both shares. A share that is steady raises a false
alarm with a probability of at most 5 %, however often this looks: fn.turn_evidence. A test counts 400 days with responses, then
begins anew with half of the error that is left; the first one has half of it.';
