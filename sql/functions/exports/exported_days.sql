-- Called by app as account.
create function fn.exported_days(
    _account_id uuid, _project_id uuid, _widget_id uuid, _placement_id uuid, _option text, _from_day date, _to_day date,
    _text text, _after uuid, _through uuid, _is_csv boolean, _reason text default ''
) returns table (id uuid, widget text, page text, day date, value text, label text, responses bigint)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    perform fn.allow(_account_id, 'viewer', _project_id);
    return query
    select
        c.id, fn.defused(s.name, _is_csv), fn.defused(c.key, _is_csv), t.day, fn.defused(o.value, _is_csv),
        fn.defused(o.label, _is_csv), t.count
    from public.placement as c
    join public.widget as s on s.account_id = _account_id and s.id = c.widget_id
    cross join lateral (
        select d.day, d.option_no, d.count
        from public.tally_day as d
        where _reason = '' and d.account_id = _account_id and d.placement_id = c.id
        union all
        select d.day, r.option_no, d.count
        from public.reason as r
        join public.reason_tally_day as d
            on d.account_id = _account_id and d.placement_id = c.id and d.reason_no = r.no
        where _reason <> '' and r.account_id = _account_id and r.widget_id = c.widget_id and r.value = _reason
    ) as t
    join public.option as o on o.account_id = _account_id and o.widget_id = s.id and o.no = t.option_no
    where c.account_id = _account_id and c.id > coalesce(_after, '00000000-0000-0000-0000-000000000000')
        and c.id <= _through and s.project_id = _project_id and (_widget_id is null or s.id = _widget_id)
        and t.count > 0 and (_from_day is null or t.day >= _from_day) and (_to_day is null or t.day <= _to_day)
        and (_placement_id is null or c.id = _placement_id) and (_option = '' or o.value = _option)
        and (_text = '' or strpos(lower(c.key), lower(_text)) > 0)
    order by c.id, t.day, o.position;
end;
$$;

comment on function fn.exported_days is
'Daily counts of the placements of a slice of an export, by option, of a reason its mentions; days without responses have no row.';
