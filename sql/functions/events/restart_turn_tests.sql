create function fn.restart_turn_tests(
    _account_id uuid, _project_id uuid, _page_ids uuid[], _now timestamptz
) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    insert into public.turn_test as t (account_id, placement_id, project_id, started_on)
    select c.account_id, c.id, p.id, (_now at time zone p.time_zone)::date + 1
    from public.placement as c
    join public.widget as w on w.account_id = c.account_id and w.id = c.widget_id and fn.judges(w.type)
    join public.project as p on p.account_id = w.account_id and p.id = w.project_id
    where c.account_id = _account_id and c.page_id = any (_page_ids) and w.project_id = _project_id
    order by c.id
    on conflict (account_id, placement_id) do update
    set started_on = excluded.started_on, runs = least(t.runs + 1, 100);
end;
$$;

comment on function fn.restart_turn_tests is
'Begins the tests of fn.emit_page_turns anew, with the days after today, for pages that are merged or no longer are: their earlier days have other
responses from now on. Each run may raise half as many false alarms as the one before.';
