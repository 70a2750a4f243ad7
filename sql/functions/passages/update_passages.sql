-- Called by app as account.
create function fn.update_passages(
    _account_id uuid, _project_id uuid, _page_id uuid, _places jsonb, _now timestamptz default now()
) returns integer
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _count integer;
begin
    perform fn.allow(_account_id, 'editor', _project_id);
    update public.passage as p
    set start_at = case when s.outdated then p.start_at else s.start end, end_at = case when s.outdated then p.end_at else s."end" end,
        heading = case when s.outdated then p.heading else coalesce(left(s.heading, 300), '') end,
        current = case when not s.outdated then nullif(left(s.current, 2000), p.exact) end, is_outdated = s.outdated, checked_at = _now
    from (
        select (r.place ->> 'id')::uuid as id, coalesce((r.place ->> 'outdated')::boolean, false) as outdated,
            (r.place ->> 'start')::integer as start, (r.place ->> 'end')::integer as "end",
            r.place ->> 'heading' as heading, nullif(r.place ->> 'current', '') as current
        from jsonb_array_elements(_places) as r (place)
    ) as s
    where p.account_id = _account_id and p.project_id = _project_id and p.response_id = s.id
        and (s.outdated or s.start >= 0 and s."end" > s.start)
        and exists (
            select 1 from public.response as f
            join public.placement as c on c.account_id = _account_id and c.id = f.placement_id
            where f.account_id = _account_id and f.id = p.response_id and c.page_id = _page_id
        );
    get diagnostics _count = row_count;
    return _count;
end;
$$;

comment on function fn.update_passages is
'Stores where passages of a page are now, {id, start, end, heading, current?} each, or that the page no longer has them, {id,
outdated: true}. Others are left as they are; returns how many were stored. FB404, FB403.';
