create function fn.all_time_reasons(_account_id uuid, _widget_id uuid) returns table (
    widget_id uuid, option_no smallint, reason_no smallint, count bigint, total bigint
)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
    return query
    with mentioned as materialized (
        select t.reason_no, sum(t.count)::bigint as count
        from public.placement as c
        join public.reason_tally as t on t.account_id = c.account_id and t.placement_id = c.id
        where c.account_id = _account_id and c.widget_id = _widget_id
        group by t.reason_no
    ), chosen as materialized (
        select t.option_no, sum(t.count)::bigint as count
        from public.placement as c
        join public.tally as t on t.account_id = c.account_id and t.placement_id = c.id
        where c.account_id = _account_id and c.widget_id = _widget_id
        group by t.option_no
    )
    select _widget_id, r.option_no, r.no, coalesce(m.count, 0), coalesce(c.count, 0)
    from public.reason as r
    left join mentioned as m on m.reason_no = r.no
    left join chosen as c on c.option_no = r.option_no
    where r.account_id = _account_id and r.widget_id = _widget_id;
end;
$$;

comment on function fn.all_time_reasons is 'As fn.window_reasons, of all time, which is compared with nothing.';
