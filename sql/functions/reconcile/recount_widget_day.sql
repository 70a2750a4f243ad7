create function fn.recount_widget_day(_account_id uuid, _project_id uuid, _from date, _to date)
returns setof public.widget_day
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    select w.account_id, w.project_id, t.day, w.id, t.option_no, sum(t.rolled)::bigint
    from public.widget as w
    join public.placement as c on c.account_id = w.account_id and c.widget_id = w.id
    join public.tally_day as t on t.account_id = c.account_id and t.placement_id = c.id
    where w.account_id = _account_id and w.project_id = _project_id and t.day between _from and _to
    group by w.account_id, w.project_id, t.day, w.id, t.option_no;
end;
$$;

comment on function fn.recount_widget_day is
'What widget_day should hold of a project for these days: the sums of tally_day, as far as it has been rolled up.';
