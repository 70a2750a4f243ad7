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
    _parts integer;
    _page_ids uuid[];
begin
    select * into _window from fn.named_window(_account_id, _project_id, _name, _from, _to, _now);
    _parts := least(_window.to_day - _window.from_day + 1, 30);
    _is_covered := case _window.days
        when 1 then _compare = 'previous' and 1 = any (fn.covered_windows(_account_id, _project_id))
        else fn.is_covered(_account_id, _project_id, _window.from_day, _window.to_day, _compare)
    end;
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
    return query
    with counted as materialized (
        select k.* from fn.page_counts(
            _account_id, _project_id, _window.days, _window.from_day, _window.to_day, _compare, _widget_id, _option,
            _page_ids, _reason
        ) as k
    ), figure as (
        -- As double precision, in which counts are exact and sums of them cost least.
        select k.page_id, sum(k.total::double precision) as total, sum(k.compared::double precision) as compared,
            sum(k.before::double precision) as before, sum(k.judged::double precision) as judged,
            sum(k.unhappy::double precision) as unhappy, sum(k.weighted) as weighted
        from counted as k
        group by k.page_id
    ), ranked as (
        select p.id, p.key, p.title, p.created_at, f.total, f.compared, f.before, f.judged, f.unhappy, f.weighted,
            count(*) over () as row_count,
            case _sort
                -- Drawn to 0 as if ten neutral responses came first, as in mv.leader.
                when 'score' then f.weighted / (f.judged + 10)
                when 'change' then case when _is_covered and fn.is_change(f.compared::bigint, f.before::bigint)
                    then f.compared - f.before end
                when 'unhappy' then f.unhappy
                when 'newest' then extract(epoch from p.created_at)
                else coalesce(f.total, 0)
            end::double precision * case when _is_rising then -1 else 1 end as rank
        from public.page as p
        left join figure as f on f.page_id = p.id
        where p.account_id = _account_id and p.project_id = _project_id
            and (p.archived_at is not null) = _is_archived
            and p.merged_into is null and (_page_ids is null or p.id = any (_page_ids))
            and (
                _widget_id is null or exists (
                    select from public.placement as c
                    where c.account_id = p.account_id and c.page_id = p.id and c.widget_id = _widget_id
                )
            )
        order by rank desc nulls last, coalesce(f.total, 0) desc, p.key
        limit _limit offset _offset
    )
    select r.id, r.key, r.title, coalesce(r.total, 0)::bigint, coalesce(r.compared, 0)::bigint,
        case when _is_covered then coalesce(r.before, 0)::bigint end, coalesce(r.judged, 0)::bigint,
        coalesce(r.unhappy, 0)::bigint, r.weighted / nullif(r.judged, 0),
        coalesce((
            select sum(t.count) from public.placement as c
            join public.tally as t on t.account_id = c.account_id and t.placement_id = c.id
            where c.account_id = _account_id and c.page_id = r.id
        ), 0)::bigint,
        r.created_at,
        t.counts, coalesce(w.figures, '[]')::text, r.row_count, _window.from_day, _window.to_day
    from ranked as r
    left join fn.page_trends(
        _account_id,
        case when _window.days is distinct from 1 and _parts > 1 then array(select l.id from ranked as l where l.total > 0) end,
        _widget_id, _option, _window.from_day, _window.to_day, _parts, _reason
    ) as t on t.page_id = r.id
    left join (
        select k.page_id, json_agg(json_build_object(
            'id', s.id, 'name', s.name, 'type', s.type, 'responses', k.total, 'judged', k.judged,
            'positive', k.positives / nullif(k.judged, 0)::double precision, 'average', k.summed / nullif(k.total, 0),
            'nps', 100 * k.recommended / nullif(k.total, 0), 'sentiment', k.weighted / nullif(k.judged, 0)
        ) order by k.total desc, s.created_at) as figures
        from (select k.* from counted as k where k.total > 0 and k.page_id in (select l.id from ranked as l) offset 0) as k
        join public.widget as s on s.account_id = _account_id and s.id = k.widget_id
        group by k.page_id
    ) as w on w.page_id = r.id
    order by r.rank desc nulls last, coalesce(r.total, 0) desc, r.key;
end;
$$;

comment on function fn.page_list is
'Pages of a project in a window (fn.named_window), archived or not, whose key or title contains _text, of an origin
(fn.is_page_match), with a widget on them, by responses, score, change (changes by more than chance first), unhappy or newest,
descending unless _is_rising: each with its responses and comparison, its trend in equal parts, all-time responses, and as JSON
the figures of its widgets. row_count is of all pages. FB404, FB422.';
