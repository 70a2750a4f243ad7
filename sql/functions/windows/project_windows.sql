create function fn.project_windows(_account_id uuid, _project_id uuid)
returns table (
    days smallint, total bigint, before bigint, positive double precision, neutral double precision,
    negative double precision, sentiment double precision, score double precision
)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
    return query
    select g.days, sum(g.total)::bigint, sum(g.before)::bigint,
        sum(g.positives) filter (where g.is_judging) / nullif(sum(g.total) filter (where g.is_judging), 0)::double precision,
        (sum(g.total - g.positives - g.negatives) filter (where g.is_judging))
            / nullif(sum(g.total) filter (where g.is_judging), 0)::double precision,
        sum(g.negatives) filter (where g.is_judging) / nullif(sum(g.total) filter (where g.is_judging), 0)::double precision,
        sum(g.weighted) filter (where g.is_judging) / nullif(sum(g.total) filter (where g.is_judging), 0),
        fn.compound_score(
            array_agg(case when g.is_judging then g.weighted end), array_agg(g.total)
        )
    from (
        select w.days, w.widget_id, sum(w.count)::bigint as total, sum(w.before)::bigint as before,
            coalesce(sum(w.count) filter (where o.weight > 0), 0)::bigint as positives,
            coalesce(sum(w.count) filter (where o.weight < 0), 0)::bigint as negatives,
            sum(w.count * o.weight) as weighted,
            t.is_judging
        from public.widget_window as w
        join public.widget as s on s.account_id = w.account_id and s.id = w.widget_id
        join fn.widget_type as t on t.name = s.type
        join public.option as o
            on o.account_id = w.account_id and o.widget_id = w.widget_id and o.no = w.option_no
        where w.account_id = _account_id and w.project_id = _project_id
        group by w.days, w.widget_id, t.is_judging
    ) as g
    group by g.days
    order by g.days;
end;
$$;

comment on function fn.project_windows is
'Rolling windows of a project, each with the total of the window before. Shares and sentiment are those of the widgets that have
a sentiment (fn.widget_type); the score is their fn.compound_score.';
