-- Called by app as account.
create function fn.exported_windows(
    _account_id uuid, _project_id uuid, _widget_id uuid, _placement_id uuid, _text text, _after uuid, _through uuid,
    _is_csv boolean
) returns table (
    id uuid, widget text, page text, days smallint, through date, responses bigint, compared bigint, before bigint,
    positive double precision, neutral double precision, negative double precision, sentiment double precision,
    average double precision, nps double precision, score double precision, answers json
)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
    -- Known before the statement, which would ask it for every row.
    _covered smallint[] := fn.covered_windows(_account_id, _project_id);
begin
    perform fn.allow(_account_id, 'viewer', _project_id);
    return query
    select
        c.id, fn.defused(s.name, _is_csv), fn.defused(c.key, _is_csv), k.days, r.through, k.total, k.compared,
        case when k.days = any (_covered) then k.before end, k.positive, k.neutral, k.negative,
        k.sentiment, k.average, k.nps, k.score,
        (
            select json_object_agg(o.value, w.count order by o.position)
            from public.placement_window as w
            join public.option as o on o.account_id = s.account_id and o.widget_id = s.id and o.no = w.option_no
            where w.account_id = c.account_id and w.placement_id = c.id and w.days = k.days
        )
    from public.placement as c
    join public.widget as s on s.account_id = c.account_id and s.id = c.widget_id
    join public.placement_score as k on k.account_id = c.account_id and k.placement_id = c.id
    left join public.project_roll as r on r.account_id = s.account_id and r.project_id = s.project_id
    where c.account_id = _account_id and c.id > coalesce(_after, '00000000-0000-0000-0000-000000000000')
        and c.id <= _through and s.project_id = _project_id and (_widget_id is null or s.id = _widget_id)
        and (_placement_id is null or c.id = _placement_id)
        and (_text = '' or strpos(lower(c.key), lower(_text)) > 0)
    order by c.id, k.days;
end;
$$;

comment on function fn.exported_windows is
'The windows of the placements of a slice of an export, each with its comparison, as in fn.project_windows.';
