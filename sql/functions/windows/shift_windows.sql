create function fn.shift_windows(_account_id uuid, _project_id uuid, _day date) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    _touched_placements uuid[];
begin
    with moved as (
        select c.widget_id, t.placement_id, w.days, t.option_no,
            sum(case when t.day = _day then t.rolled when t.day = _day - w.days then -t.rolled else 0 end) as count,
            sum(case when t.day = _day - 1 then t.rolled when t.day = _day - w.days then -t.rolled else 0 end) as compared,
            sum(
                case
                    when t.day = _day - w.shift - 1 then t.rolled
                    when t.day = _day - w.shift - w.days then -t.rolled
                    else 0
                end
            ) as before
        from fn.window as w
        join public.tally_day as t
            on t.account_id = _account_id
            and t.day in (_day, _day - 1, _day - w.days, _day - w.shift - 1, _day - w.shift - w.days)
        join public.placement as c on c.account_id = t.account_id and c.id = t.placement_id
        join public.widget as s on s.account_id = c.account_id and s.id = c.widget_id
        where s.project_id = _project_id and t.rolled <> 0
        group by c.widget_id, t.placement_id, w.days, t.option_no
    ), placement_windows as (
        insert into public.placement_window as t (account_id, placement_id, days, option_no, count, compared, before)
        select _account_id, placement_id, days, option_no, count, compared, before
        from moved
        order by placement_id, days, option_no
        on conflict (account_id, placement_id, days, option_no) do update set
            count = t.count + excluded.count, compared = t.compared + excluded.compared,
            before = t.before + excluded.before
    ), widget_windows as (
        insert into public.widget_window as t (
            account_id, project_id, days, widget_id, option_no, count, compared, before
        )
        select _account_id, _project_id, days, widget_id, option_no, sum(count), sum(compared), sum(before)
        from moved
        group by days, widget_id, option_no
        order by days, widget_id, option_no
        on conflict (account_id, project_id, days, widget_id, option_no) do update set
            count = t.count + excluded.count, compared = t.compared + excluded.compared,
            before = t.before + excluded.before
    )
    select array_agg(distinct placement_id) into _touched_placements from moved;
    perform fn.score_placements(_account_id, _touched_placements);
    insert into public.project_roll as r (account_id, project_id, through)
    values (_account_id, _project_id, _day)
    on conflict (account_id, project_id) do update set through = excluded.through;
end;
$$;

comment on function fn.shift_windows is
'Moves the windows of a project one day, to _day: days enter and leave them and their comparisons, of which the day in which they
are cut is no whole one (fn.cut_windows). Only placements with responses on such days are touched.';
