-- Called by app as account.
create function fn.release_figures(
    _account_id uuid, _project_id uuid, _release_id uuid default null, _page_id uuid default null,
    _limit integer default 100, _now timestamptz default now()
) returns table (
    release_id uuid, name text, link text, released_at timestamp, days integer, from_before date, to_before date,
    from_after date, to_after date, page_id uuid, key text, title text, responses bigint, responses_before bigint,
    positive double precision, positive_before double precision, chance double precision, verdict text,
    widgets_json text, row_count bigint
)
language plpgsql stable
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_custom_plan
as $$
#variable_conflict use_column
declare
    _ids uuid[];
begin
    perform fn.allow(_account_id, 'viewer', _project_id);
    _ids := fn.latest_releases(_account_id, _project_id, _release_id, _page_id, _limit);
    -- Most pages are of no release: the statement below costs more to plan than to run.
    if _ids = '{}' then
        return;
    end if;
    return query
    with span as materialized (
        select r.id, r.name, r.link, r.patterns, r.released_at at time zone p.time_zone as at, s.*
        from public.project as p
        left join public.project_roll as t on t.account_id = p.account_id and t.project_id = p.id
        join public.release as r on r.account_id = p.account_id and r.project_id = p.id
        cross join lateral fn.release_spans(
            (r.released_at at time zone p.time_zone)::date, least(t.through, (_now at time zone p.time_zone)::date) - 1
        ) as s
        where p.account_id = _account_id and p.id = _project_id and r.id = any (_ids)
    ), touched as materialized (
        select s.id, g.page_id
        from span as s
        cross join lateral (
            select _page_id as page_id where _page_id is not null
            union all
            select k.page_id from fn.release_pages(_account_id, _project_id, s.patterns) as k where _page_id is null
        ) as g
    ), counted as materialized (
        select t.id, t.page_id, c.widget_id, d.option_no,
            coalesce(sum(d.rolled) filter (where d.day >= s.from_after), 0) as after,
            coalesce(sum(d.rolled) filter (where d.day <= s.to_before), 0) as before
        from touched as t
        join span as s on s.id = t.id
        join public.placement as c on c.account_id = _account_id and c.page_id = t.page_id
        join public.tally_day as d
            on d.account_id = c.account_id and d.placement_id = c.id and d.rolled <> 0
            and d.day between s.from_before and s.to_after and (d.day <= s.to_before or d.day >= s.from_after)
        group by t.id, t.page_id, c.widget_id, d.option_no
    ), widget as (
        select k.id, k.page_id, w.id as widget_id, w.name, w.type, w.created_at, sum(k.after)::bigint as after,
            sum(k.before)::bigint as before,
            coalesce(sum(k.after) filter (where v.weight is not null), 0)::bigint as judged,
            coalesce(sum(k.before) filter (where v.weight is not null), 0)::bigint as judged_before,
            coalesce(sum(k.after) filter (where v.weight > 0), 0)::bigint as positives,
            coalesce(sum(k.before) filter (where v.weight > 0), 0)::bigint as positives_before,
            sum(k.after * n.number) as summed, sum(k.before * n.number) as summed_before,
            sum(k.after * n.number * n.number) as squares, sum(k.before * n.number * n.number) as squares_before
        from counted as k
        join public.widget as w on w.account_id = _account_id and w.id = k.widget_id
        join fn.scored_option as v on v.account_id = _account_id and v.widget_id = w.id and v.no = k.option_no
        -- The NPS is a mean too, of 100 for promoters and -100 for detractors.
        cross join lateral (select case when v.type = 'nps' then 100.0 * v.nps else v.number end as number) as n
        group by k.id, k.page_id, w.id, w.name, w.type, w.created_at
    ), compared as (
        select w.*, fn.chance_better(w.positives, w.judged, w.positives_before, w.judged_before) as chance,
            fn.mean_difference(
                w.summed, w.squares, w.after, w.summed_before, w.squares_before, w.before,
                case when w.type = 'nps' then -100 else b.low end, case when w.type = 'nps' then 100 else b.high end
            ) as difference
        from widget as w
        cross join lateral (
            select min(v.number) as low, max(v.number) as high
            from fn.scored_option as v where v.account_id = _account_id and v.widget_id = w.widget_id
        ) as b
    ), page as (
        select w.id, w.page_id, sum(w.after)::bigint as after, sum(w.before)::bigint as before,
            sum(w.positives)::bigint as positives, sum(w.judged)::bigint as judged,
            sum(w.positives_before)::bigint as positives_before, sum(w.judged_before)::bigint as judged_before,
            json_agg(json_build_object(
                'id', w.widget_id, 'name', w.name, 'type', w.type, 'responses', w.after, 'responses_before', w.before,
                'is_change', fn.is_change(w.after, w.before),
                'positive', w.positives / nullif(w.judged, 0)::double precision,
                'positive_before', w.positives_before / nullif(w.judged_before, 0)::double precision,
                'average', w.summed / nullif(w.after, 0), 'average_before', w.summed_before / nullif(w.before, 0),
                'difference', w.difference[1:2], 'chance', coalesce(w.difference[3], w.chance),
                'verdict', fn.release_verdict(coalesce(w.difference[3], w.chance))
            ) order by w.created_at, w.widget_id) as widgets
        from compared as w
        group by w.id, w.page_id
    )
    select s.id, s.name, s.link, s.at, s.days, s.from_before, s.to_before, s.from_after, s.to_after, p.id, p.key,
        p.title, coalesce(g.after, 0), coalesce(g.before, 0), g.positives / nullif(g.judged, 0)::double precision,
        g.positives_before / nullif(g.judged_before, 0)::double precision, c.chance, fn.release_verdict(c.chance),
        coalesce(g.widgets, '[]')::text, count(*) over ()
    from span as s
    join touched as t on t.id = s.id
    join public.page as p on p.account_id = _account_id and p.id = t.page_id
    left join page as g on g.id = t.id and g.page_id = t.page_id
    cross join lateral (
        select fn.chance_better(g.positives, g.judged, g.positives_before, g.judged_before) as chance
    ) as c
    order by s.at desc, s.id desc, coalesce(g.after + g.before, 0) desc, p.key
    limit _limit;
end;
$$;

comment on function fn.release_figures is
'Each page that a release touches, or each release that touches a page, before and after it over equal days (fn.release_spans):
responses, the positive share with the probability that it is better (fn.chance_better), and as JSON its widgets, with means where
they have them (fn.mean_difference). verdict is as of fn.release_verdict. Reads the counts of days. row_count is of all pages.';
