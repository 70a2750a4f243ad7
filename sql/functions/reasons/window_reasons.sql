create function fn.window_reasons(
    _account_id uuid, _project_id uuid, _days smallint, _from date, _to date, _compare text, _placement_ids uuid[],
    _is_hourly boolean, _widget_id uuid, _option text default ''
) returns table (
    widget_id uuid, option_no smallint, reason_no smallint, count bigint, total bigint, compared bigint,
    total_compared bigint, before bigint, total_before bigint
)
language plpgsql stable
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
begin
    -- Most projects give no reasons, and count no options here.
    if not exists (
        select 1 from public.reason as r
        join public.widget as s on s.account_id = _account_id and s.id = r.widget_id
        where r.account_id = _account_id and s.project_id = _project_id and (_widget_id is null or s.id = _widget_id)
    ) then
        return;
    end if;
    return query
    with mentioned as materialized (
        select k.widget_id, k.reason_no, sum(k.count) as count, sum(k.compared) as compared, sum(k.before) as before
        from fn.reason_counts(
            _account_id, _project_id, _days, _from, _to, 1, _compare, _placement_ids, _is_hourly, _widget_id, _option
        ) as k
        group by k.widget_id, k.reason_no
    ), chosen as materialized (
        select k.widget_id, k.option_no, sum(k.count) as count, sum(k.compared) as compared, sum(k.before) as before
        from fn.widget_counts(
            _account_id, _project_id, _days, _from, _to, 1, _compare, _placement_ids, _is_hourly
        ) as k
        group by k.widget_id, k.option_no
    )
    select s.id, r.option_no, r.no, coalesce(m.count, 0)::bigint, coalesce(c.count, 0)::bigint,
        coalesce(m.compared, 0)::bigint, coalesce(c.compared, 0)::bigint, coalesce(m.before, 0)::bigint,
        coalesce(c.before, 0)::bigint
    from public.widget as s
    join public.reason as r on r.account_id = _account_id and r.widget_id = s.id
    join public.option as o on o.account_id = _account_id and o.widget_id = r.widget_id and o.no = r.option_no
    left join mentioned as m on m.widget_id = s.id and m.reason_no = r.no
    left join chosen as c on c.widget_id = s.id and c.option_no = r.option_no
    where s.account_id = _account_id and s.project_id = _project_id and (_widget_id is null or s.id = _widget_id)
        and (_option = '' or o.value = _option)
        and (
            _placement_ids is null or exists (
                select 1 from public.placement as p
                where p.account_id = _account_id and p.id = any (_placement_ids) and p.widget_id = s.id
            )
        );
end;
$$;

comment on function fn.window_reasons is
'Mentions of each reason of a project in a window (fn.reason_counts), and as total the responses with its option; both also of what
is compared and of the comparison.';
