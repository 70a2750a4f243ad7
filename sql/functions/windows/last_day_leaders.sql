create function fn.last_day_leaders(_account_id uuid, _project_id uuid, _limit integer)
returns table (
    kind text, place bigint, content_id uuid, total bigint, before bigint, sentiment double precision
)
language plpgsql stable
set search_path = ''
as $$
#variable_conflict use_column
begin
    return query
    with counted as (
        select d.content_id, sum(d.count)::bigint as total, sum(d.before)::bigint as before,
            sum(d.count * o.weight) / nullif(sum(d.count), 0) as sentiment,
            -- As mv.leader judges.
            case when bool_or(o.weight <> 0) then sum(d.count * o.weight) / (sum(d.count) + 10) end as judgement
        from fn.last_day as d
        join public.content as c on c.account_id = d.account_id and c.id = d.content_id
        join public.content_set as s on s.account_id = c.account_id and s.id = c.content_set_id
        join public.option as o on o.account_id = s.account_id and o.content_set_id = s.id and o.no = d.option_no
        where d.account_id = _account_id and s.project_id = _project_id
        group by d.content_id
    ), ranked as (
        select *,
            row_number() over (order by total desc, content_id) as most,
            row_number() over (order by judgement desc nulls last, total desc, content_id) as best,
            row_number() over (order by judgement nulls last, total desc, content_id) as worst,
            row_number() over (order by total - before desc, total desc, content_id) as rise,
            row_number() over (order by total - before, total desc, content_id) as fall
        from counted
    )
    select k.kind, k.place, r.content_id, r.total, r.before, r.sentiment
    from ranked as r
    cross join lateral (
        values ('most', r.most), ('best', r.best), ('worst', r.worst), ('rise', r.rise), ('fall', r.fall)
    ) as k (kind, place)
    where k.place <= _limit
        and case k.kind
            when 'most' then r.total > 0
            when 'best' then r.judgement > 0
            when 'worst' then r.judgement < 0
            when 'rise' then r.total > r.before
            else r.total < r.before
        end;
end;
$$;

comment on function fn.last_day_leaders is
'As mv.leader ranks the longer windows, the contents of a project that lead the last 24 hours (mv.last_day).';
