create function fn.placement_windows(_account_id uuid, _placement_id uuid)
returns table (
    days smallint, total bigint, compared bigint, before bigint, is_change boolean, positive double precision,
    positive_interval double precision[], neutral double precision, negative double precision, sentiment double precision,
    sentiment_interval double precision[], average double precision, average_interval double precision[],
    nps double precision, nps_interval double precision[], score double precision
)
language plpgsql stable
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
declare
    _project_id uuid := (
        select s.project_id
        from public.placement as c
        join public.widget as s on s.account_id = c.account_id and s.id = c.widget_id
        where c.account_id = _account_id and c.id = _placement_id
    );
    _covered smallint[] := fn.covered_windows(_account_id, _project_id);
begin
    return query
    select k.days, k.total, k.compared, b.before, fn.is_change(k.compared, b.before),
        k.positive, i.positive_interval, k.neutral, k.negative, k.sentiment, i.sentiment_interval, k.average,
        i.average_interval, k.nps, i.nps_interval, k.score
    from fn.placement_scores(_account_id, _placement_id) as k
    cross join lateral (
        select case when k.days = any (_covered) then k.before end as before
    ) as b
    cross join lateral fn.placement_intervals(_account_id, _placement_id, k.days) as i
    order by k.days;
end;
$$;

comment on function fn.placement_windows is
'The windows of a placement, as fn.widget_windows; those without responses have no row.';
