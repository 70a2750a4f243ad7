create function fn.score_placements(_account_id uuid, _placement_ids uuid[]) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
declare
    _page_ids uuid[];
    _project_ids uuid[];
    _has_empty boolean;
begin
    select array_agg(distinct c.page_id), array_agg(distinct s.project_id) into _page_ids, _project_ids
    from public.placement as c
    join public.widget as s on s.account_id = _account_id and s.id = c.widget_id
    where c.account_id = _account_id and c.id = any (_placement_ids);

    with named as materialized (
        -- The options as arrays, once for each placement: there are ten times as many rows of windows.
        select c.id as placement_id, s.project_id, s.id as widget_id, s.type, o.*
        from unnest(_placement_ids) as t (placement_id)
        join public.placement as c on c.account_id = _account_id and c.id = t.placement_id
        join public.widget as s on s.account_id = _account_id and s.id = c.widget_id
        cross join lateral (
            select array_agg(o.no) as nos, array_agg(o.weight) as weights, array_agg(o.number) as numbers,
                array_agg(o.nps) as recommendations, min(o.number) as low, max(o.number) as high
            from fn.scored_option as o
            where o.account_id = _account_id and o.widget_id = s.id
        ) as o
    ), scored as materialized (
        select n.placement_id, n.project_id, n.widget_id, n.type, n.low, n.high, w.*
        from named as n
        cross join lateral (
            select w.days, bool_or(w.is_empty) as has_empty, bool_and(w.is_empty) as is_empty,
                sum(w.count)::bigint as total, sum(w.compared)::bigint as compared, sum(w.before)::bigint as before,
                nullif(sum(w.count) filter (where w.weight is not null), 0)::bigint as judged,
                coalesce(sum(w.count) filter (where w.weight > 0), 0)::bigint as positives,
                coalesce(sum(w.count) filter (where w.weight < 0), 0)::bigint as negatives,
                sum(w.count * w.weight) as weighted, sum(w.count * w.number) as summed, sum(w.count * w.nps) as recommended
            from (
                select w.days, w.count, w.compared, w.before,
                    (w.count, w.compared, w.compared_part, w.before, w.before_part) = (0, 0, 0, 0, 0) as is_empty,
                    n.weights[array_position(n.nos, w.option_no)] as weight,
                    n.numbers[array_position(n.nos, w.option_no)] as number,
                    n.recommendations[array_position(n.nos, w.option_no)] as nps
                from public.placement_window as w
                where w.account_id = _account_id and w.placement_id = n.placement_id
                offset 0
            ) as w
            group by w.days
        ) as w
    ), upsert as (
        insert into public.placement_score as k (
            account_id, placement_id, days, project_id, widget_id, total, compared, before, positive, neutral, negative,
            sentiment, average, nps, score
        )
        select _account_id, placement_id, days, project_id, widget_id, total, compared, before,
            positives::double precision / judged, (judged - positives - negatives)::double precision / judged,
            negatives::double precision / judged, weighted / judged, summed / nullif(total, 0),
            100 * recommended / nullif(total, 0)::double precision,
            fn.ranking_score(type, positives, negatives, summed, total, low, high)
        from scored
        where not is_empty
        order by placement_id, days
        on conflict (account_id, placement_id, days) do update set
            total = excluded.total, compared = excluded.compared, before = excluded.before, positive = excluded.positive,
            neutral = excluded.neutral, negative = excluded.negative, sentiment = excluded.sentiment,
            average = excluded.average, nps = excluded.nps, score = excluded.score
    )
    select bool_or(has_empty) into _has_empty from scored;
    if _has_empty then
        delete from public.placement_window as w
        where w.account_id = _account_id and w.placement_id = any (_placement_ids)
            and (w.count, w.compared, w.compared_part, w.before, w.before_part) = (0, 0, 0, 0, 0);
        delete from public.placement_score as k
        where k.account_id = _account_id and k.placement_id = any (_placement_ids)
            and not exists (
                select 1 from public.placement_window as w
                where w.account_id = k.account_id and w.placement_id = k.placement_id and w.days = k.days
            );
    end if;

    insert into public.page_score as p (
        account_id, project_id, days, page_id, total, compared, before, judged, unhappy, weighted
    )
    select _account_id, s.project_id, k.days, c.page_id, sum(k.total)::bigint, sum(k.compared)::bigint, sum(k.before)::bigint,
        coalesce(sum(k.total) filter (where k.positive is not null), 0)::bigint,
        coalesce(sum(round(k.negative * k.total)), 0)::bigint, sum(k.sentiment * k.total)
    from public.placement as c
    join public.widget as s on s.account_id = _account_id and s.id = c.widget_id
    join public.placement_score as k on k.account_id = _account_id and k.placement_id = c.id
    where c.account_id = _account_id and c.page_id = any (_page_ids)
    group by s.project_id, k.days, c.page_id
    order by s.project_id, c.page_id, k.days
    on conflict (account_id, project_id, page_id, days) do update set
        total = excluded.total, compared = excluded.compared, before = excluded.before, judged = excluded.judged,
        unhappy = excluded.unhappy, weighted = excluded.weighted
    where (p.total, p.compared, p.before, p.judged, p.unhappy, p.weighted) is distinct from
        (excluded.total, excluded.compared, excluded.before, excluded.judged, excluded.unhappy, excluded.weighted);
    if _has_empty then
        -- Without a join, which would go through all scores for each of them where the planner expects few.
        delete from public.page_score as p
        where p.account_id = _account_id and p.project_id = any (_project_ids) and p.page_id = any (_page_ids)
            and not exists (
                select 1 from public.placement_score as k
                where k.account_id = _account_id and k.days = p.days and k.placement_id = any (array(
                    select c.id from public.placement as c where c.account_id = _account_id and c.page_id = p.page_id
                ))
            );
    end if;
end;
$$;

comment on function fn.score_placements is
'Computes the scores of these placements'' windows again (placement_score), and of their pages (page_score); a window without
responses has no row.';
