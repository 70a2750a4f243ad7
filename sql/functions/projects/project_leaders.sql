create function fn.project_leaders(_account_id uuid, _project_id uuid, _days smallint, _limit integer default 5) returns json
language plpgsql stable
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
begin
    return (
        select coalesce(json_agg(json_build_object(
            'kind', l.kind, 'placement_id', l.placement_id, 'widget_name', l.widget_name, 'key', c.key, 'responses', l.total,
            'compared', l.compared, 'before', l.before, 'sentiment', l.sentiment, 'sentiment_interval', i.sentiment_interval
        ) order by l.kind, l.place), '[]')
        from (
            select l.kind, row_number() over (partition by l.kind order by l.place) as place, l.placement_id,
                s.name as widget_name, l.total, l.compared, l.before, l.sentiment
            from (select _days = any (fn.covered_windows(_account_id, _project_id)) as is_covered) as f
            join fn.leader as l on f.is_covered or l.kind not in ('rise', 'fall')
            join public.widget as s on s.account_id = _account_id and s.id = l.widget_id
            where l.account_id = _account_id and l.project_id = _project_id and l.days = _days
        ) as l
        join public.placement as c on c.account_id = _account_id and c.id = l.placement_id
        left join lateral fn.placement_intervals(_account_id, l.placement_id, _days) as i on l.kind in ('best', 'worst')
        where l.place <= case l.kind when 'most' then 2 * _limit + 2 else _limit end
    );
end;
$$;

comment on function fn.project_leaders is
'Placements of a project that lead a window (1, 7, 30, 90 or 365 days), as JSON: the first _limit by best and worst score, rise
and fall, and twice as many by responses. Nothing for other windows; no rise and fall in one that cannot be compared.';
