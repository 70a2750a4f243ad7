-- Called by app as account.
-- Any member may read this: row-level security decides, not fn.allow.
create function fn.window_span(
    _account_id uuid, _project_id uuid, _name text, _from date default null, _to date default null,
    _now timestamptz default now()
) returns table (from_day date, to_day date, since timestamptz, until timestamptz)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    select n.from_day, n.to_day,
        case n.days when 1 then h.until - interval '24 hours' else fn.day_start(n.from_day, p.time_zone) end,
        case n.days when 1 then h.until else fn.day_start(n.to_day + 1, p.time_zone) end
    from fn.named_window(_account_id, _project_id, _name, _from, _to, _now) as n
    join public.project as p on p.account_id = _account_id and p.id = _project_id
    left join public.project_roll as r on r.account_id = p.account_id and r.project_id = p.id
    cross join lateral (select coalesce(r.counted_until, fn.full_hour(_now)) as until) as h;
end;
$$;

comment on function fn.window_span is
'A window (fn.named_window) in time, from since to before until: the last 24 full hours, otherwise whole days. FB404, FB422.';
