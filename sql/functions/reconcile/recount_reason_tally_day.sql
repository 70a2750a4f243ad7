create function fn.recount_reason_tally_day(_account_id uuid, _project_id uuid, _from date, _to date)
returns setof public.reason_tally_day
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    _retained_from date := (
        select p.retained_from from public.project as p where p.account_id = _account_id and p.id = _project_id
    );
begin
    return query
    select _account_id, f.placement_id, f.counted_on, r.no, count(*)
    from public.response as f
    join public.widget as w on w.account_id = f.account_id and w.id = f.widget_id
    cross join lateral unnest(f.reason_nos) as r (no)
    where f.account_id = _account_id and w.project_id = _project_id and f.reason_nos is not null
        -- The id is of the time, so that only the months concerned are read.
        and f.id >= fn.uuid_floor((_from - 3)::timestamp at time zone 'UTC')
        and f.id < fn.uuid_floor((_to + 4)::timestamp at time zone 'UTC')
        and f.counted_on between _from and _to and (_retained_from is null or f.counted_on >= _retained_from)
        and not exists (
            select 1 from public.deletion as d where d.account_id = _account_id and d.id in (f.placement_id, f.widget_id)
        )
    group by f.placement_id, f.counted_on, r.no
    union all
    -- Nothing is left to recount these from.
    select t.account_id, t.placement_id, t.day, t.reason_no, t.count
    from public.widget as w
    join public.placement as c on c.account_id = w.account_id and c.widget_id = w.id
    join public.reason_tally_day as t on t.account_id = c.account_id and t.placement_id = c.id
    where w.account_id = _account_id and w.project_id = _project_id and t.day between _from and _to
        and (
            t.day < _retained_from
            or exists (select 1 from public.deletion as d where d.account_id = _account_id and d.id in (c.id, w.id))
        );
end;
$$;

comment on function fn.recount_reason_tally_day is
'What reason_tally_day should hold of a project for these days: a count of its responses by reason. Days whose responses
retention has deleted, and placements that are being deleted, are taken as they are.';
