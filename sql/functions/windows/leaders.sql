-- Called by app as account.
create function fn.leaders(_account_id uuid, _project_id uuid, _days smallint)
returns table (
    kind text, place bigint, widget_id uuid, placement_id uuid, key text, total bigint, before bigint, change bigint,
    score double precision, sentiment double precision
)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    perform fn.allow(_account_id, 'viewer', _project_id);
    perform fn.check_scope(_account_id, _project_id, 'project', null);
    return query
    select l.kind, l.place, l.widget_id, l.placement_id, c.key, l.total, l.before, l.change, l.score, l.sentiment
    from fn.leader as l
    join public.placement as c on c.account_id = l.account_id and c.id = l.placement_id
    where l.account_id = _account_id and l.project_id = _project_id and l.days = _days
    order by array_position('{most,best,worst,rise,fall}'::text[], l.kind), l.place;
end;
$$;

comment on function fn.leaders is
'Placements of a project that lead a window (fn.leader): most responses, best, worst, rise and fall, by place. FB404.';
