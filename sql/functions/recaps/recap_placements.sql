create function fn.recap_placements(_account_id uuid, _project_id uuid, _unit text, _starts_on date, _limit integer)
returns table (
    kind text, placement_id uuid, widget_name text, key text, total bigint, before bigint, sentiment double precision
)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
    _is_covered boolean := fn.is_covered_period(_account_id, _project_id, _unit, _starts_on);
    _begins_on date := (_starts_on - ('1 ' || _unit)::interval)::date;
    -- Months differ in length: what counts is how many responses a day has.
    _scale double precision := ((_starts_on + ('1 ' || _unit)::interval)::date - _starts_on)
        / (_starts_on - _begins_on)::double precision;
begin
    return query
    with totals as (
        select p.scope_id as placement_id,
            coalesce(sum(p.total) filter (where p.starts_on = _starts_on), 0)::bigint as total,
            coalesce(sum(p.total) filter (where p.starts_on < _starts_on), 0)::bigint as before,
            -- What messages are tagged with does not say how good a page is.
            sum(p.sentiment) filter (where p.starts_on = _starts_on and not w.has_text) as sentiment
        from public.period as p
        join public.placement as c on c.account_id = p.account_id and c.id = p.scope_id
        join public.widget as s on s.account_id = c.account_id and s.id = c.widget_id
        join fn.widget_type as w on w.name = s.type
        where p.account_id = _account_id and p.project_id = _project_id and p.unit = _unit and p.scope = 'placement'
            and p.starts_on in (_starts_on, _begins_on)
        group by p.scope_id
    ), ranked as (
        select t.*,
            row_number() over (order by t.total desc, t.placement_id) as most,
            -- As in mv.leader: as if ten neutral responses came first.
            row_number() over (
                order by t.sentiment * t.total / (t.total + 10) desc nulls last, t.total desc, t.placement_id
            ) as best,
            row_number() over (order by t.total - c.before desc, t.total desc, t.placement_id) as rise,
            row_number() over (order by t.total - c.before, t.before desc, t.placement_id) as fall,
            c.before as comparable
        from totals as t
        cross join lateral (select round(t.before * _scale)::bigint as before) as c
    )
    select k.kind, c.id, s.name, c.key, r.total, r.before, r.sentiment
    from ranked as r
    cross join lateral (
        values ('most', r.most, 1), ('best', r.best, 2), ('rise', r.rise, 3), ('fall', r.fall, 4)
    ) as k (kind, place, position)
    join public.placement as c on c.account_id = _account_id and c.id = r.placement_id
    join public.widget as s on s.account_id = _account_id and s.id = c.widget_id
    where k.place <= _limit
        and case k.kind
            when 'most' then r.total > 0
            when 'best' then r.total > 0 and r.sentiment > 0
            when 'rise' then r.total > r.comparable and _is_covered and fn.is_change(r.total, r.comparable)
            else r.total < r.comparable and _is_covered and fn.is_change(r.total, r.comparable)
        end
    order by k.position, k.place;
end;
$$;

comment on function fn.recap_placements is
'Placements of a project that had most responses in a closed period, had the best scores, and rose and fell most, by place;
only what is a change (fn.is_change), and nothing where the period before is not covered (fn.is_covered_period).';
