create function fn.page_counts(
    _account_id uuid, _project_id uuid, _days smallint, _from date, _to date, _compare text, _widget_id uuid, _option text,
    _page_ids uuid[] default null, _reason text default ''
) returns table (
    page_id uuid, placement_id uuid, widget_id uuid, total bigint, compared bigint, before bigint, judged bigint,
    positives bigint, unhappy bigint, weighted double precision, summed double precision, recommended double precision
)
language plpgsql stable
set search_path = pg_catalog, pg_temp
-- What is left out decides how it is best read: planned for each call.
set plan_cache_mode = force_custom_plan
as $$
#variable_conflict use_column
declare
    _shift integer := fn.comparison_days(_to - _from + 1, _compare);
    _roll record;
    _is_whole boolean;
begin
    if _days is not null and _compare is distinct from 'year' and _option = '' then
        return query
        select * from fn.page_scores(_account_id, _project_id, _days, _widget_id, _page_ids);
        return;
    end if;
    select r.counted_until, r.has_moved, p.time_zone into _roll
    from public.project as p
    join public.project_roll as r on r.account_id = _account_id and r.project_id = p.id
    where p.account_id = _account_id and p.id = _project_id;
    _is_whole := fn.is_whole_window(_roll.time_zone, _from, _to, _roll.counted_until, _compare);
    return query
    with its as materialized (
        select c.page_id, c.id, c.widget_id
        from public.widget as s
        join public.placement as c on c.account_id = _account_id and c.widget_id = s.id
        where s.account_id = _account_id and s.project_id = _project_id and (_widget_id is null or s.id = _widget_id)
            and (_page_ids is null or c.page_id = any (_page_ids))
    ), part as (
        -- As double precision, in which counts are exact and sums of them cost least.
        select w.placement_id, w.option_no, w.count, w.compared, w.before
        from its as i
        join public.placement_window as w on w.account_id = _account_id and w.placement_id = i.id
        where _days = 1 and w.days = 1 and _reason = ''
        union all
        select t.placement_id, t.option_no, sum(t.rolled::double precision),
            coalesce(sum(t.rolled::double precision) filter (where _is_whole or t.day < _to), 0), 0
        from its as i
        join public.tally_day as t
            on t.account_id = _account_id and t.placement_id = i.id and t.day between _from and _to and t.rolled <> 0
        where _days is distinct from 1 and _reason = ''
        group by t.placement_id, t.option_no
        union all
        select t.placement_id, t.option_no, 0, 0,
            coalesce(sum(t.rolled::double precision) filter (where _is_whole or t.day < _to - _shift), 0)
        from its as i
        join public.tally_day as t
            on t.account_id = _account_id and t.placement_id = i.id and t.day between _from - _shift and _to - _shift
            and t.rolled <> 0
        where _days is distinct from 1 and _compare is not null and _reason = ''
        group by t.placement_id, t.option_no
        union all
        select k.placement_id, k.option_no, 0, k.compared, k.before
        from fn.window_parts(
            _account_id, array[_project_id], _roll.time_zone, array[_from], array[_to], _roll.counted_until, _roll.has_moved,
            _compare
        ) as k
        where _days is distinct from 1 and not _is_whole and _compare is not null and _reason = ''
        union all
        select k.placement_id, k.option_no, k.count, k.compared, k.before
        from fn.reason_counts(
            _account_id, _project_id, _days, _from, _to, 1, coalesce(_compare, 'previous'), null, false, _widget_id, _option,
            _reason
        ) as k
        where _reason <> ''
    ), scored as materialized (
        select o.widget_id, o.no, o.value, o.weight, o.number, o.nps
        from fn.scored_option as o
        where o.account_id = _account_id and (_option = '' or o.value = _option)
    )
    select i.page_id, i.id, i.widget_id, coalesce(sum(k.count), 0)::bigint, coalesce(sum(k.compared), 0)::bigint,
        coalesce(sum(k.before), 0)::bigint, coalesce(sum(k.count) filter (where o.weight is not null), 0)::bigint,
        coalesce(sum(k.count) filter (where o.weight > 0), 0)::bigint,
        coalesce(sum(k.count) filter (where o.weight < 0), 0)::bigint, sum(k.count * o.weight)::double precision,
        sum(k.count * o.number)::double precision, sum(k.count * o.nps)::double precision
    from its as i
    join part as k on k.placement_id = i.id
    join scored as o on o.widget_id = i.widget_id and o.no = k.option_no
    group by i.page_id, i.id, i.widget_id;
end;
$$;

comment on function fn.page_counts is
'Counts of the placements of a project, or of some of its pages, in a window (fn.named_window) and its comparison, of a widget,
or of an option of it, or of a reason of that, by their values, if given; without _compare they are not compared. Placements without responses may be
missing. judged have a weight: positives above 0, unhappy below, weighted is their sum; summed are the numbers of a rating,
recommended its promoters less its detractors.';
