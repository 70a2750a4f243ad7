create function fn.page_trends(
    _account_id uuid, _page_ids uuid[], _widget_id uuid, _option text, _from date, _to date, _parts integer,
    _reason text default ''
) returns table (page_id uuid, counts bigint[])
language plpgsql stable
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_custom_plan
as $$
#variable_conflict use_column
begin
    return query
    with counted as materialized (
        select c.page_id, (t.day - _from) * _parts / (_to - _from + 1) as part, sum(t.count)::bigint as count
        from public.placement as c
        join public.reason_tally_day as t
            on t.account_id = _account_id and t.placement_id = c.id and t.day between _from and _to
        join fn.named_reasons(_account_id, array[_widget_id], _option, _reason) as r on r.no = t.reason_no
        where _reason <> '' and c.account_id = _account_id and c.page_id = any (_page_ids) and c.widget_id = _widget_id
        group by 1, 2
        union all
        select c.page_id, (t.day - _from) * _parts / (_to - _from + 1), sum(t.rolled)::bigint
        from public.placement as c
        join public.tally_day as t on t.account_id = _account_id and t.placement_id = c.id
        where _reason = '' and c.account_id = _account_id and c.page_id = any (_page_ids) and (_widget_id is null or c.widget_id = _widget_id)
            and t.day between _from and _to
            and (
                _option = '' or exists (
                    select 1 from public.option as o
                    where o.account_id = _account_id and o.widget_id = c.widget_id and o.no = t.option_no
                        and o.value = _option
                )
            )
        group by 1, 2
    )
    select p.id, array_agg(coalesce(k.count, 0) order by n)
    from unnest(_page_ids) as p (id)
    cross join generate_series(0, _parts - 1) as n
    left join counted as k on k.page_id = p.id and k.part = n
    group by p.id;
end;
$$;

comment on function fn.page_trends is
'Responses on each of some pages, of one widget or all, an option or a reason of it, in each of _parts equal parts of the days from _from to _to.';
