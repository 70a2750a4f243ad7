create function fn.page_trend(
    _account_id uuid, _page_id uuid, _widget_id uuid, _option text, _from date, _to date, _parts integer
) returns bigint[]
language plpgsql stable
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
as $$
begin
    return array(
        select coalesce(k.count, 0)
        from generate_series(0, _parts - 1) as n
        left join (
            select (t.day - _from) * _parts / (_to - _from + 1) as part, sum(t.rolled)::bigint as count
            from public.placement as c
            join public.tally_day as t on t.account_id = c.account_id and t.placement_id = c.id
            where c.account_id = _account_id and c.page_id = _page_id and (_widget_id is null or c.widget_id = _widget_id)
                and t.day between _from and _to
                and (
                    _option = '' or exists (
                        select from public.option as o
                        where o.account_id = c.account_id and o.widget_id = c.widget_id and o.no = t.option_no
                            and o.value = _option
                    )
                )
            group by 1
        ) as k on k.part = n
        order by n
    );
end;
$$;

comment on function fn.page_trend is
'Responses on a page, of one widget or all, in each of _parts equal parts of the days from _from to _to.';
