create function fn.page_scores(
    _account_id uuid, _project_id uuid, _days smallint, _widget_id uuid default null, _page_ids uuid[] default null
) returns table (
    page_id uuid, placement_id uuid, widget_id uuid, total bigint, compared bigint, before bigint, judged bigint,
    positives bigint, unhappy bigint, weighted double precision, summed double precision, recommended double precision
)
language plpgsql stable
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
begin
    if _page_ids is not null then
        return query
        select c.page_id, k.placement_id, k.widget_id, k.total, k.compared, k.before,
            case when k.positive is null then 0 else k.total end, coalesce(round(k.positive * k.total), 0)::bigint,
            coalesce(round(k.negative * k.total), 0)::bigint, k.sentiment * k.total, k.average * k.total,
            k.nps * k.total / 100
        from public.placement as c
        join public.placement_score as k on k.account_id = _account_id and k.placement_id = c.id
        where c.account_id = _account_id and c.page_id = any (_page_ids) and k.project_id = _project_id and k.days = _days
            and (_widget_id is null or k.widget_id = _widget_id);
        return;
    end if;
    return query
    select c.page_id, k.placement_id, k.widget_id, k.total, k.compared, k.before,
        case when k.positive is null then 0 else k.total end, coalesce(round(k.positive * k.total), 0)::bigint,
        coalesce(round(k.negative * k.total), 0)::bigint, k.sentiment * k.total, k.average * k.total, k.nps * k.total / 100
    from public.placement_score as k
    join public.placement as c on c.account_id = _account_id and c.id = k.placement_id
    where k.account_id = _account_id and k.project_id = _project_id and k.days = _days
        and (_widget_id is null or k.widget_id = _widget_id);
end;
$$;

comment on function fn.page_scores is
'As fn.page_counts, of a window of fn.window and its usual comparison, whose figures are stored. Planned once a connection.';
