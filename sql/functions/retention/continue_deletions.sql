-- Called by jobs as installation.
create function fn.continue_deletions(_account_id uuid, _now timestamptz default now(), _limit integer default 200000)
returns table (responses bigint, finished bigint)
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    _deletion public.deletion;
    _widget_ids uuid[];
    _scanned bigint;
    _deleted bigint;
    _last_id uuid;
    _ids uuid[];
begin
    responses := 0;
    finished := 0;
    perform fn.lock_roll_up(_account_id);
    for _deletion in
        select * from public.deletion as d
        -- By then the caches of ingestion have expired, and it accepts no more responses there.
        where d.account_id = _account_id and d.requested_at < _now - interval '15 seconds'
        order by d.requested_at, d.id
        for update skip locked
    loop
        exit when _limit <= 0;
        _widget_ids := array(
            select s.id from public.widget as s
            where s.account_id = _account_id and s.project_id = _deletion.project_id
                and (_deletion.kind <> 'widget' or s.id = _deletion.id)
        );
        with batch as (
            select f.id, f.widget_id = any (_widget_ids) and case _deletion.kind
                when 'placement' then f.placement_id = _deletion.id
                when 'pages' then exists (
                    select 1 from public.placement as c
                    join public.page as p on p.account_id = c.account_id and p.id = c.page_id
                    where c.account_id = f.account_id and c.id = f.placement_id and p.deletion_id = _deletion.id
                )
                else true
            end as is_its
            from public.response as f
            where f.account_id = _account_id and f.id > _deletion.after_id
            order by f.id
            limit _limit
        ), deleted as (
            delete from public.response as f
            using batch as s
            where f.account_id = _account_id and f.id = s.id and s.is_its
            returning f.id, f.dedup_key
        ), visits as (
            delete from public.visit as v
            using deleted as g
            where v.account_id = _account_id and v.dedup_key = g.dedup_key and v.response_id = g.id
        )
        select count(*), max(s.id::text)::uuid, (select array_agg(g.id) from deleted as g) into _scanned, _last_id, _ids
        from batch as s;
        perform fn.delete_response_parts(_account_id, _ids);
        _deleted := coalesce(cardinality(_ids), 0);
        responses := responses + _deleted;
        if _scanned < _limit and fn.finish_deletion(_account_id, _deletion.id) then
            finished := finished + 1;
        else
            update public.deletion as d set deleted = d.deleted + _deleted, after_id = coalesce(_last_id, d.after_id)
            where d.account_id = _account_id and d.id = _deletion.id;
        end if;
        _limit := _limit - _scanned;
    end loop;
    return next;
end;
$$;

comment on function fn.continue_deletions is
'Continues deletions of an account: scans about _limit responses a run and deletes those concerned, and at the end everything
else. Returns how many responses were deleted, and how many deletions are finished.';
