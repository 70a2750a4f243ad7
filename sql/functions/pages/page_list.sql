-- Called by app as account.
-- Any member may read this: row-level security decides, not fn.allow.
create function fn.page_list(
    _account_id uuid, _project_id uuid, _name text, _from date default null, _to date default null,
    _compare text default 'previous', _widget_id uuid default null, _origin text default '', _option text default '',
    _text text default '', _sort text default 'responses', _is_rising boolean default false,
    _is_archived boolean default false, _limit integer default 50, _offset integer default 0,
    _now timestamptz default now(), _reason text default ''
) returns table (
    id uuid, key text, title text, responses bigint, compared bigint, before bigint, judged bigint, unhappy bigint,
    sentiment double precision, ever bigint, created_at timestamptz, trend bigint[], widgets_json text, row_count bigint,
    from_day date, to_day date
)
language plpgsql stable
set search_path = pg_catalog, pg_temp
-- A plan for any filter would join the pages with what is counted of them in loops.
set plan_cache_mode = force_custom_plan
as $$
#variable_conflict use_column
declare
    _window record;
    _is_covered boolean;
    _is_stored boolean;
    _parts integer;
    _page_ids uuid[];
    _ids uuid[];
    _row_count bigint;
begin
    select * into _window from fn.named_window(_account_id, _project_id, _name, _from, _to, _now);
    _parts := least(_window.to_day - _window.from_day + 1, 30);
    _is_covered := case _window.days
        when 1 then _compare = 'previous' and 1 = any (fn.covered_windows(_account_id, _project_id))
        else fn.is_covered(_account_id, _project_id, _window.from_day, _window.to_day, _compare)
    end;
    -- What page_score has; all else is counted here.
    _is_stored := _window.days is not null and _compare is distinct from 'year' and _widget_id is null and _option = '';
    -- Of some pages only, no others are counted.
    if _text <> '' or _origin <> '' or _is_archived then
        _page_ids := array(
            select p.id
            from public.page as p
            where p.account_id = _account_id and p.project_id = _project_id
                and (p.archived_at is not null) = _is_archived
                and (_origin = '' or fn.is_page_match(p.key, _origin, ''))
                and (_text = '' or strpos(lower(p.key), lower(_text)) > 0 or strpos(lower(p.title), lower(_text)) > 0)
        );
    end if;
    -- Those with most responses lead an index: as far as there are as many.
    if _is_stored and _page_ids is null and _sort = 'responses' and not _is_rising then
        select array_agg(r.id order by r.total desc, r.key) into _ids
        from (
            select p.id, p.key, f.total
            from public.page_score as f
            join public.page as p on p.account_id = _account_id and p.id = f.page_id
            where f.account_id = _account_id and f.project_id = _project_id and f.days = _window.days and f.total > 0
                and p.archived_at is null and p.merged_into is null
            order by f.total desc, p.key
            limit _limit offset _offset
        ) as r;
    end if;
    if cardinality(_ids) = _limit then
        _row_count := (
            select count(*) from public.page as p
            where p.account_id = _account_id and p.project_id = _project_id and p.archived_at is null
                and p.merged_into is null
        );
    else
        select array_agg(r.id order by r.rank desc nulls last, r.total desc, r.key), max(r.row_count) into _ids, _row_count
        from (
            select p.id, p.key, coalesce(f.total, 0) as total, count(*) over () as row_count,
                case _sort
                    -- Drawn to 0 as if ten neutral responses came first, as in mv.leader.
                    when 'score' then f.weighted / (f.judged + 10)
                    when 'change' then case when _is_covered and fn.is_change(f.compared, f.before)
                        then f.compared - f.before end
                    when 'unhappy' then coalesce(f.unhappy, 0)
                    when 'newest' then extract(epoch from p.created_at)
                    else coalesce(f.total, 0)
                end::double precision * case when _is_rising then -1 else 1 end as rank
            from public.page as p
            left join (
                select k.page_id, k.total, k.compared, k.before, k.judged, k.unhappy, k.weighted
                from public.page_score as k
                where _is_stored and k.account_id = _account_id and k.project_id = _project_id and k.days = _window.days
                union all
                select k.page_id, sum(k.total)::bigint, sum(k.compared)::bigint, sum(k.before)::bigint,
                    sum(k.judged)::bigint, sum(k.unhappy)::bigint, sum(k.weighted)
                from fn.page_counts(
                    _account_id, _project_id, _window.days, _window.from_day, _window.to_day,
                    case when _sort = 'change' then _compare end, _widget_id, _option, _page_ids, _reason
                ) as k
                where not _is_stored
                group by k.page_id
            ) as f on f.page_id = p.id
            where p.account_id = _account_id and p.project_id = _project_id
                and (p.archived_at is not null) = _is_archived
                and p.merged_into is null and (_page_ids is null or p.id = any (_page_ids))
                and (
                    _widget_id is null or exists (
                        select 1 from public.placement as c
                        where c.account_id = _account_id and c.page_id = p.id and c.widget_id = _widget_id
                    )
                )
            order by rank desc nulls last, total desc, p.key
            limit _limit offset _offset
        ) as r;
    end if;
    -- Only pages that are shown are counted in full.
    return query
    with counted as materialized (
        select k.* from fn.page_counts(
            _account_id, _project_id, _window.days, _window.from_day, _window.to_day, _compare, _widget_id, _option,
            coalesce(_ids, '{}'), _reason
        ) as k
    ), figure as (
        select k.page_id, sum(k.total)::bigint as total, sum(k.compared)::bigint as compared,
            sum(k.before)::bigint as before, sum(k.judged)::bigint as judged, sum(k.unhappy)::bigint as unhappy,
            sum(k.weighted) as weighted
        from counted as k
        group by k.page_id
    )
    select p.id, p.key, p.title, coalesce(f.total, 0), coalesce(f.compared, 0),
        case when _is_covered then coalesce(f.before, 0) end, coalesce(f.judged, 0),
        coalesce(f.unhappy, 0), f.weighted / nullif(f.judged, 0),
        coalesce((
            select sum(t.count) from public.placement as c
            join public.tally as t on t.account_id = _account_id and t.placement_id = c.id
            where c.account_id = _account_id and c.page_id = p.id
        ), 0)::bigint,
        p.created_at,
        t.counts, coalesce(w.figures, '[]')::text, _row_count, _window.from_day, _window.to_day
    from unnest(_ids) with ordinality as i (id, place)
    join public.page as p on p.account_id = _account_id and p.id = i.id
    left join figure as f on f.page_id = p.id
    left join fn.page_trends(
        _account_id,
        case when _window.days is distinct from 1 and _parts > 1 then array(select l.page_id from figure as l where l.total > 0) end,
        _widget_id, _option, _window.from_day, _window.to_day, _parts, _reason
    ) as t on t.page_id = p.id
    left join (
        select k.page_id, json_agg(json_build_object(
            'id', s.id, 'name', s.name, 'type', s.type, 'responses', k.total, 'judged', k.judged,
            'positive', k.positives / nullif(k.judged, 0)::double precision, 'average', k.summed / nullif(k.total, 0),
            'nps', 100 * k.recommended / nullif(k.total, 0), 'sentiment', k.weighted / nullif(k.judged, 0)
        ) order by k.total desc, s.created_at) as figures
        from counted as k
        join public.widget as s on s.account_id = _account_id and s.id = k.widget_id
        where k.total > 0
        group by k.page_id
    ) as w on w.page_id = p.id
    order by i.place;
end;
$$;

comment on function fn.page_list is
'Pages of a project in a window (fn.named_window), archived or not, whose key or title contains _text, of an origin
(fn.is_page_match), with a widget on them, by responses, score, change (changes by more than chance first), unhappy or newest,
descending unless _is_rising: each with its responses and comparison, its trend in equal parts, all-time responses, and as JSON
the figures of its widgets. row_count is of all pages. They are ranked by page_score where that has the window. FB404, FB422.';
