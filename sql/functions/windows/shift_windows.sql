create function fn.shift_windows(_account_id uuid, _project_id uuid, _day date) returns void
language plpgsql volatile
set search_path = ''
as $$
#variable_conflict use_column
declare
    _touched_contents uuid[];
begin
    with moved as (
        select c.content_set_id, t.content_id, w.days, t.option_no,
            sum(case when t.day = _day then t.rolled when t.day = _day - w.days then -t.rolled else 0 end) as count,
            sum(case when t.day = _day - w.days then t.rolled when t.day = _day - 2 * w.days then -t.rolled else 0 end)
                as before
        from fn.window as w
        join public.tally_day as t
            on t.account_id = _account_id and t.day in (_day, _day - w.days, _day - 2 * w.days)
        join public.content as c on c.account_id = t.account_id and c.id = t.content_id
        join public.content_set as s on s.account_id = c.account_id and s.id = c.content_set_id
        where s.project_id = _project_id and t.rolled <> 0
        group by c.content_set_id, t.content_id, w.days, t.option_no
    ), content_windows as (
        insert into public.content_window as t (account_id, content_id, days, option_no, count, before)
        select _account_id, content_id, days, option_no, count, before
        from moved
        order by content_id, days, option_no
        on conflict (account_id, content_id, days, option_no)
            do update set count = t.count + excluded.count, before = t.before + excluded.before
    ), set_windows as (
        insert into public.set_window as t (account_id, project_id, days, content_set_id, option_no, count, before)
        select _account_id, _project_id, days, content_set_id, option_no, sum(count), sum(before)
        from moved
        group by days, content_set_id, option_no
        order by days, content_set_id, option_no
        on conflict (account_id, project_id, days, content_set_id, option_no)
            do update set count = t.count + excluded.count, before = t.before + excluded.before
    )
    select array_agg(distinct content_id) into _touched_contents from moved;
    perform fn.score_contents(array_fill(_account_id, array[coalesce(cardinality(_touched_contents), 0)]), _touched_contents);
    insert into public.project_roll as r (account_id, project_id, through)
    values (_account_id, _project_id, _day)
    on conflict (account_id, project_id) do update set through = excluded.through;
end;
$$;

comment on function fn.shift_windows is
'Moves the windows of a project one day on, to _day: what happened on the days that leave a window goes to the window
before it, and out of that. Only contents that were active on such a day are touched.';
