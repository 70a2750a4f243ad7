create function fn.recap_widgets(_account_id uuid, _project_id uuid, _unit text, _starts_on date)
returns table (
    id uuid, name text, type text, total bigint, before bigint, judged bigint, positive double precision,
    positive_interval double precision[], sentiment double precision, sentiment_interval double precision[],
    average double precision, average_interval double precision[], nps double precision, nps_interval double precision[],
    options json
)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    select s.id, s.name, s.type, p.total, coalesce(p.before, 0),
        coalesce(o.judged, 0), p.positive, fn.wilson_interval(o.positives, o.judged), p.sentiment,
        fn.mean_interval(o.weighted, o.weighted_squares, o.judged, -1, 1), p.average,
        fn.mean_interval(o.summed, o.squares, p.total, o.low, o.high), p.nps,
        fn.nps_interval(o.promoters, o.detractors, p.total), o.options
    from public.widget as s
    join public.period as p
        on p.account_id = _account_id and p.scope_id = s.id and p.unit = _unit and p.starts_on = _starts_on
        and p.scope = 'widget'
    cross join lateral (
        select
            json_agg(
                json_build_object('label', i.label, 'icon', i.icon, 'weight', i.weight, 'count', coalesce(u.n, 0))
                order by i.position
            ) filter (where i.retired_at is null or u.n > 0) as options,
            sum(u.n) filter (where v.weight is not null)::bigint as judged,
            coalesce(sum(u.n) filter (where v.weight > 0), 0)::bigint as positives,
            sum(u.n * v.weight) as weighted, sum(u.n * v.weight * v.weight) as weighted_squares,
            sum(u.n * v.number) as summed, sum(u.n * v.number * v.number) as squares,
            min(v.number) as low, max(v.number) as high,
            sum(u.n * (v.nps = 1)::integer)::bigint as promoters, sum(u.n * (v.nps = -1)::integer)::bigint as detractors
        from public.option as i
        join fn.scored_option as v on v.account_id = _account_id and v.widget_id = i.widget_id and v.no = i.no
        left join unnest(p.option_nos, p.counts) as u (no, n) on u.no = i.no
        where i.account_id = _account_id and i.widget_id = s.id
    ) as o
    where s.account_id = _account_id and s.project_id = _project_id
    order by p.total desc, s.created_at, s.id;
end;
$$;

comment on function fn.recap_widgets is
'Widgets of a project with responses in a closed period, most responses first, with what they say (fn.scored_option), its 95 %
intervals, and their options in order.';
