-- Called by jobs as installation.
create function fn.delete_expired_batch(
    _account_id uuid, _project_id uuid, _after_id uuid, _before_id uuid, _limit integer default 100,
    _now timestamptz default now()
) returns table (last_id uuid, last_on date, deleted bigint)
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    _ids uuid[];
    _dedup_keys bytea[];
    _counted_ids uuid[];
    -- Asked anew for each batch: somebody may have upgraded, or been promised more, since the run began.
    _expired_before date := fn.expired_before(_account_id, _project_id, _now);
begin
    -- The ids go on from batch to batch, so that none reads again what others have deleted or keep.
    with batch as (
        select f.id, f.dedup_key, f.widget_id, f.counted_on, f.created_at
        from public.response as f
        where f.account_id = _account_id and f.id > _after_id and f.id < _before_id and _expired_before is not null
        order by f.id
        limit _limit
    )
    select (array_agg(b.id order by b.id desc))[1],
        (array_agg((b.created_at at time zone 'UTC')::date order by b.id desc))[1],
        array_agg(b.id order by b.id) filter (where x.is_expired),
        array_agg(b.dedup_key) filter (where x.is_expired and b.dedup_key is not null),
        array_agg(b.id) filter (where x.is_expired and b.counted_on is not null)
    into last_id, last_on, _ids, _dedup_keys, _counted_ids
    from batch as b
    left join public.widget as w on w.account_id = _account_id and w.id = b.widget_id and w.project_id = _project_id
    left join public.project as p on p.account_id = w.account_id and p.id = w.project_id
    cross join lateral (
        -- A batch has responses of the account's other projects, too: they have no p.
        select p.id is not null
            and coalesce(b.counted_on, (b.created_at at time zone p.time_zone)::date) < _expired_before as is_expired
    ) as x;

    -- In the order of ingestion: visits, then responses, each by key.
    perform from public.visit as v
    where v.account_id = _account_id and v.dedup_key = any (_dedup_keys)
    order by v.dedup_key
    for update;
    perform fn.expire_merge_responses(_account_id, _ids);
    -- What remains of a visit says that somebody has responded, not who, what or when.
    update public.visit as v
    set response_id = '00000000-0000-0000-0000-000000000000', address = null
    where v.account_id = _account_id and v.dedup_key = any (_dedup_keys) and v.response_id = any (_counted_ids)
        and v.expires_at = 'infinity';
    delete from public.visit as v
    where v.account_id = _account_id and v.dedup_key = any (_dedup_keys) and v.response_id = any (_ids);
    perform from public.response as f where f.account_id = _account_id and f.id = any (_ids) order by f.id for update;
    delete from public.response as f where f.account_id = _account_id and f.id = any (_ids);
    get diagnostics deleted = row_count;
    perform fn.delete_response_parts(_account_id, _ids);
    return next;
end;
$$;

comment on function fn.delete_expired_batch is
'Reads the next _limit responses of an account and deletes those of a project that are older than fn.expired_before: never what
is promised at this moment. Counts stay. So does the hash of a visit that never expires, without its response: the visitor is not
counted again. Returns how many were deleted, and the id and the day (UTC) of the last one read, null at the end.';
