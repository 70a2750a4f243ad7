create function fn.page_leaders(
    _account_id uuid, _project_id uuid, _days smallint, _from date, _to date, _compare text, _is_covered boolean,
    _widget_id uuid, _origin text, _option text, _page_id uuid default null, _limit integer default 8,
    _reason text default ''
) returns json
language plpgsql stable
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
declare
    _page_ids uuid[] := case when _page_id is not null then array[_page_id] end;
begin
    -- Of a large project only the pages that led five minutes ago are looked at. Of any other window those that lead it are
    -- looked for first, and only they are compared.
    if _page_id is null and _days is not null and _widget_id is null and _origin = '' and _option = ''
        and _compare <> 'year' and (
        select sum(s.placements) > 500 from public.widget as s
        where s.account_id = _account_id and s.project_id = _project_id
    ) then
        _page_ids := array(
            select distinct l.page_id from fn.page_leader as l
            where l.account_id = _account_id and l.project_id = _project_id and l.days = _days
        );
    elsif _page_id is null and (_days is null or _option <> '' or _compare = 'year') then
        _page_ids := array(
            with figure as (
                select p.id, p.key, sum(k.total) as total, sum(k.judged) as judged, sum(k.unhappy) as unhappy
                from fn.page_counts(
                    _account_id, _project_id, _days, _from, _to, null, _widget_id, _option, _reason => _reason
                ) as k
                join public.page as p on p.account_id = _account_id and p.id = k.page_id
                where p.archived_at is null and (_origin = '' or fn.is_page_match(p.key, _origin, ''))
                group by p.id, p.key
            )
            (select f.id from figure as f where f.total > 0 order by f.total desc, f.key limit _limit)
            union
            (select f.id from figure as f where f.unhappy > 0 order by f.unhappy desc, f.judged, f.key limit 3)
        );
    end if;
    return (
        with counted as materialized (
            select k.*
            from fn.page_counts(
                _account_id, _project_id, _days, _from, _to, _compare, _widget_id, _option, _page_ids, _reason
            ) as k
        ), figure as (
            select p.id, p.key, p.title, sum(k.total)::bigint as total, sum(k.compared)::bigint as compared,
                sum(k.before)::bigint as before, sum(k.judged)::bigint as judged, sum(k.unhappy)::bigint as unhappy
            from counted as k
            join public.page as p on p.account_id = _account_id and p.id = k.page_id
            where p.archived_at is null and (_origin = '' or fn.is_page_match(p.key, _origin, ''))
            group by p.id, p.key, p.title
        ), leader as (
            (select 'most' as kind, f.* from figure as f where f.total > 0 order by f.total desc, f.key limit _limit)
            union all
            (select 'unhappy', f.* from figure as f where f.unhappy > 0 order by f.unhappy desc, f.judged, f.key limit 3)
        )
        select coalesce(json_agg(json_build_object(
            'kind', l.kind, 'id', l.id, 'key', l.key, 'title', l.title, 'responses', l.total, 'compared', l.compared,
            'before', case when _is_covered then l.before end, 'judged', l.judged, 'unhappy', l.unhappy,
            'quotes', case when l.kind = 'unhappy' then fn.page_quotes(_account_id, l.id, _from, _to) else '[]' end,
            'widgets', (
                select json_agg(json_build_object(
                    'id', s.id, 'name', s.name, 'type', s.type, 'responses', k.total, 'judged', k.judged,
                    'positive', k.positives / nullif(k.judged, 0)::double precision,
                    'average', k.summed / nullif(k.total, 0), 'nps', 100 * k.recommended / nullif(k.total, 0),
                    'sentiment', k.weighted / nullif(k.judged, 0)
                ) order by k.total desc, s.created_at)
                from counted as k
                join public.widget as s on s.account_id = _account_id and s.id = k.widget_id
                where k.page_id = l.id and k.total > 0
            )
        ) order by l.kind, case l.kind when 'most' then l.total else l.unhappy end desc, l.key), '[]')
        from leader as l
    );
end;
$$;

comment on function fn.page_leaders is
'The pages of a project that lead a window, as JSON: kind most by responses, and unhappy by unhappy responses, with what visitors
wrote there (fn.page_quotes); each with the figures of its widgets, as in fn.page_list.';
