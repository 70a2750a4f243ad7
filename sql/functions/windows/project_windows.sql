create function fn.project_windows(_account_id uuid, _project_id uuid)
returns table (
    days smallint, total bigint, compared bigint, before bigint, is_change boolean, positive double precision,
    positive_interval double precision[], neutral double precision, negative double precision, sentiment double precision,
    score double precision
)
language plpgsql stable
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
declare
    _covered smallint[] := fn.covered_windows(_account_id, _project_id);
begin
    return query
    select g.days, g.total, g.compared, g.before, fn.is_change(g.compared, g.before),
        g.positives / g.judged::double precision, fn.wilson_interval(g.positives, g.judged),
        (g.judged - g.positives - g.negatives) / g.judged::double precision, g.negatives / g.judged::double precision,
        g.weighted / g.judged, g.score
    from (
        select g.days, sum(g.total)::bigint as total, sum(g.compared)::bigint as compared,
            case when g.days = any (_covered) then sum(g.before)::bigint end as before,
            nullif(sum(g.judged), 0)::bigint as judged, sum(g.positives)::bigint as positives,
            sum(g.negatives)::bigint as negatives, sum(g.weighted) as weighted,
            fn.compound_score(array_agg(g.weighted), array_agg(g.total)) as score
        from (
            select w.days, w.widget_id, sum(w.count)::bigint as total, sum(w.compared)::bigint as compared,
                sum(w.before)::bigint as before,
                coalesce(sum(w.count) filter (where o.weight is not null), 0)::bigint as judged,
                coalesce(sum(w.count) filter (where o.weight > 0), 0)::bigint as positives,
                coalesce(sum(w.count) filter (where o.weight < 0), 0)::bigint as negatives,
                sum(w.count * o.weight) as weighted
            from public.widget_window as w
            join fn.scored_option as o
                on o.account_id = w.account_id and o.widget_id = w.widget_id and o.no = w.option_no
            where w.account_id = _account_id and w.project_id = _project_id
            group by w.days, w.widget_id
        ) as g
        group by g.days
    ) as g
    order by g.days;
end;
$$;

comment on function fn.project_windows is
'The last 24 hours (days 1) and the windows of days of a project, with their comparisons: compared, of which before are those of
the comparison (null where it is not covered: fn.covered_windows), and whether that is a change. Shares and sentiment are those of the
responses that judge (fn.scored_option), the positive share with its 95 % interval; the score is fn.compound_score.';
