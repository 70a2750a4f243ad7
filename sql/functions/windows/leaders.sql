-- Called by app as account.
create function fn.leaders(_account_id uuid, _project_id uuid, _days smallint)
returns table (
    kind text, place bigint, widget_id uuid, placement_id uuid, key text, total bigint, compared bigint, before bigint,
    change bigint, score double precision, sentiment double precision
)
language plpgsql stable
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
declare
    -- Known before the statement, which would ask it for every leader.
    _is_covered boolean := _days = any (fn.covered_windows(_account_id, _project_id));
begin
    perform fn.allow(_account_id, 'viewer', _project_id);
    perform fn.check_scope(_account_id, _project_id, 'project', null);
    return query
    select l.kind, row_number() over (partition by l.kind order by l.place), l.widget_id, l.placement_id, c.key, l.total,
        l.compared, v.before, l.compared - v.before, l.score, l.sentiment
    from fn.leader as l
    cross join lateral (select case when _is_covered then l.before end as before) as v
    join public.placement as c on c.account_id = l.account_id and c.id = l.placement_id
    where l.account_id = _account_id and l.project_id = _project_id and l.days = _days
        and (_is_covered or l.kind not in ('rise', 'fall'))
    order by array_position('{most,best,worst,rise,fall}'::text[], l.kind), l.place;
end;
$$;

comment on function fn.leaders is
'Placements of a project that lead a window (fn.leader): most responses, best, worst, rise and fall, by place. Nothing rises or
falls in a window that cannot be compared (fn.covered_windows). FB404.';
