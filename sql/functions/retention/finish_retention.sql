-- Called by jobs as installation.
create function fn.finish_retention(_account_id uuid, _project_id uuid, _deleted bigint, _now timestamptz default now())
returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _ids uuid[];
begin
    -- As of responses: of what merges hold too, the count is all that stays.
    with hold as (
        update public.merge_hold as h
        set is_past = true, visitor = null, context = null, edits = null, body = null, contact = null
        from public.widget as w, public.project as p
        cross join lateral fn.expired_before(_account_id, _project_id, _now) as b (day)
        where p.account_id = _account_id and p.id = _project_id and w.account_id = p.account_id and w.project_id = p.id
            and h.account_id = w.account_id and h.widget_id = w.id and not h.is_past
            and coalesce(h.counted_on, (h.created_at at time zone p.time_zone)::date) < b.day
        returning h.id
    )
    select array_agg(h.id) into _ids from hold as h;
    perform fn.delete_response_parts(_account_id, _ids);
    perform fn.record_retention(
        _account_id, _project_id, fn.expired_before(_account_id, _project_id, _now), _deleted, _now
    );
end;
$$;

comment on function fn.finish_retention is
'Records that a project has no responses older than fn.expired_before: the next run begins there.';
