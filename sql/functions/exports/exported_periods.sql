-- Called by app as account.
create function fn.exported_periods(
    _account_id uuid, _project_id uuid, _widget_id uuid, _placement_id uuid, _from_day date, _to_day date, _text text,
    _after uuid, _through uuid, _is_csv boolean
) returns table (
    id uuid, scope text, name text, unit text, starts_on date, responses bigint, before bigint, positive double precision,
    neutral double precision, negative double precision, sentiment double precision, average double precision,
    nps double precision, score double precision
)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    perform fn.allow(_account_id, 'viewer', _project_id);
    return query
    select
        d.scope_id, d.scope, fn.defused(coalesce(c.key, s.name, p.name), _is_csv), d.unit, d.starts_on, d.total, d.before,
        d.positive, d.neutral, d.negative, d.sentiment, d.average, d.nps, d.score
    from public.period as d
    left join public.placement as c on d.scope = 'placement' and c.account_id = d.account_id and c.id = d.scope_id
    left join public.widget as s on d.scope = 'widget' and s.account_id = d.account_id and s.id = d.scope_id
    left join public.project as p on d.scope = 'project' and p.account_id = d.account_id and p.id = d.scope_id
    where d.account_id = _account_id and d.scope_id > coalesce(_after, '00000000-0000-0000-0000-000000000000')
        and d.scope_id <= _through and d.project_id = _project_id
        and (_widget_id is null or _widget_id in (c.widget_id, s.id))
        and (_from_day is null or d.starts_on >= _from_day) and (_to_day is null or d.starts_on <= _to_day)
        and (_placement_id is null or c.id = _placement_id)
        and (_text = '' or strpos(lower(c.key), lower(_text)) > 0)
    order by d.scope_id, d.unit, d.starts_on;
end;
$$;

comment on function fn.exported_periods is
'The closed weeks, months and years of the placements, widgets and project of a slice of an export that start within the days.
name is the page key, or the name of the widget or project.';
