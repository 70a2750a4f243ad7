create function fn.recount_placement_window(_account_id uuid, _project_id uuid) returns setof public.placement_window
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    select c.account_id, c.id, d.days, t.option_no,
        coalesce(sum(t.rolled) filter (where t.day > r.through - d.days), 0)::bigint,
        coalesce(sum(t.rolled) filter (where t.day <= r.through - d.days), 0)::bigint
    from public.project_roll as r
    join public.widget as w on w.account_id = r.account_id and w.project_id = r.project_id
    join public.placement as c on c.account_id = w.account_id and c.widget_id = w.id
    cross join fn.window as d
    join public.tally_day as t on t.account_id = c.account_id and t.placement_id = c.id
        and t.day > r.through - 2 * d.days and t.day <= r.through
    where r.account_id = _account_id and r.project_id = _project_id
    group by c.account_id, c.id, d.days, t.option_no;
end;
$$;

comment on function fn.recount_placement_window is
'What placement_window should hold of a project: the sums of tally_day over the windows that end with project_roll.through.';
