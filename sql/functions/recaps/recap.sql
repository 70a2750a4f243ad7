create function fn.recap(_account_id uuid, _project_id uuid, _unit text, _starts_on date)
returns table (
    slug text, name text, time_zone text, unit text, starts_on date, ends_on date, total bigint, before bigint,
    judged bigint, positive double precision, positive_interval double precision[], positive_before double precision,
    is_positive_change boolean, trend_json text, history_json text, widgets_json text, placements_json text,
    messages_json text, attention_json text, reason_json text
)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    _begins_on date := (_starts_on - ('1 ' || _unit)::interval)::date;
    _ends_on date := (_starts_on + ('1 ' || _unit)::interval)::date - 1;
begin
    return query
    select
        p.slug, p.name, p.time_zone, _unit, _starts_on, _ends_on, coalesce(n.total, 0),
        case when o.is_covered then coalesce(b.total, 0) end,
        coalesce(j.judged, 0), n.positive, fn.wilson_interval(j.positives, j.judged),
        case when o.is_covered then b.positive end,
        o.is_covered and coalesce(fn.is_share_change(j.positives, j.judged, i.positives, i.judged), false),
        (
            select json_agg(t order by t.day)::text
            from fn.trend(_account_id, _project_id, _begins_on, _ends_on) as t
        ),
        (
            select coalesce(json_agg(h order by h.starts_on), '[]')::text
            from fn.recap_history(_account_id, _project_id, _unit, _starts_on, 12) as h
        ),
        (select coalesce(json_agg(s), '[]')::text from fn.recap_widgets(_account_id, _project_id, _unit, _starts_on) as s),
        (
            select coalesce(json_agg(c), '[]')::text
            from fn.recap_placements(_account_id, _project_id, _unit, _starts_on, 5) as c
        ),
        (
            select coalesce(json_agg(m), '[]')::text
            from fn.recap_messages(_account_id, _project_id, _starts_on, _ends_on, 5) as m
        ),
        (
            select coalesce(json_agg(a), '[]')::text
            from fn.recap_attention(_account_id, _project_id, _unit, _starts_on) as a
        ),
        case when o.is_covered then fn.recap_reason(_account_id, _project_id, _unit, _starts_on)::text end
    from public.project as p
    left join public.period as n
        on n.account_id = p.account_id and n.scope_id = p.id and n.unit = _unit and n.starts_on = _starts_on
        and n.scope = 'project'
    left join public.period as b
        on b.account_id = p.account_id and b.scope_id = p.id and b.unit = _unit and b.starts_on = _begins_on
        and b.scope = 'project'
    cross join lateral (
        select fn.is_covered_period(_account_id, _project_id, _unit, _starts_on) as is_covered
    ) as o
    cross join lateral fn.judged_period(_account_id, _project_id, _unit, _starts_on) as j
    cross join lateral fn.judged_period(_account_id, _project_id, _unit, _begins_on) as i
    where p.account_id = _account_id and p.id = _project_id;
end;
$$;

comment on function fn.recap is
'A recap of a closed week or month: responses and positive share with those of the period before (null where the project had no
response before that period), and as JSON the days of both, the last
12 periods, the widgets, the leading, rising and falling placements, messages worth reading, what needs attention, and the reason that grew most (fn.recap_reason). No row
for no such project.';
