create function fn.rebuild_windows(_account_id uuid, _project_id uuid, _through date) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    _placement_ids uuid[];
begin
    select array_agg(c.id) into _placement_ids
    from public.widget as s
    join public.placement as c on c.account_id = s.account_id and c.widget_id = s.id
    where s.account_id = _account_id and s.project_id = _project_id;
    delete from public.placement_window as w where w.account_id = _account_id and w.placement_id = any (_placement_ids);
    delete from public.placement_score as k where k.account_id = _account_id and k.project_id = _project_id;
    delete from public.page_score as p where p.account_id = _account_id and p.project_id = _project_id;
    delete from public.widget_window as w where w.account_id = _account_id and w.project_id = _project_id;

    with counted as (
        select t.placement_id, w.days, t.option_no,
            coalesce(sum(t.rolled) filter (where t.day > _through - w.days), 0) as count,
            coalesce(sum(t.rolled) filter (where t.day > _through - w.days and t.day < _through), 0) as compared,
            coalesce(sum(t.rolled) filter (
                where t.day > _through - w.days - w.shift and t.day < _through - w.shift
            ), 0) as before
        from public.tally_day as t
        cross join fn.window as w
        where t.account_id = _account_id and t.placement_id = any (_placement_ids) and t.rolled <> 0
            and t.day <= _through and t.day > _through - w.days - w.shift
        group by t.placement_id, w.days, t.option_no
    ), placement_windows as (
        insert into public.placement_window (account_id, placement_id, days, option_no, count, compared, before)
        select _account_id, placement_id, days, option_no, count, compared, before from counted
    )
    insert into public.widget_window (account_id, project_id, days, widget_id, option_no, count, compared, before)
    select _account_id, _project_id, k.days, c.widget_id, k.option_no, sum(k.count), sum(k.compared), sum(k.before)
    from counted as k
    join public.placement as c on c.account_id = _account_id and c.id = k.placement_id
    group by k.days, c.widget_id, k.option_no;

    insert into public.project_roll as r (account_id, project_id, through)
    values (_account_id, _project_id, _through)
    on conflict (account_id, project_id) do update set through = excluded.through;
    perform fn.cut_windows(_account_id, array[_project_id]);
    perform fn.score_placements(_account_id, _placement_ids);
end;
$$;

comment on function fn.rebuild_windows is
'Rebuilds the windows of a project from the daily tallies, up to the day _through, and as of the full hour
at which they were cut last.';
