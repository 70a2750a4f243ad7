create function fn.close_event_responses(_now timestamptz, _limit integer) returns integer
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _closed integer;
begin
    with due as (
        select r.account_id, r.id from public.event_response as r
        where r.due_at <= _now
        order by r.due_at
        limit _limit
        for update skip locked
    ), deleted as (
        delete from public.event_response as r using due as d
        where r.account_id = d.account_id and r.id = d.id
        returning r.*
    ), messages as (
        insert into public.event (account_id, id, project_id, type, response_id, created_at)
        select d.account_id, fn.uuid_v7(d.due_at), d.project_id, 'message.created', i.id, d.due_at
        from deleted as d
        cross join lateral unnest(d.response_ids) as i (id)
    ), votes as (
        select d.account_id, d.project_id, d.due_at, c.placement_id, c.option_no, sum(coalesce(c.count, 1)) as count
        from deleted as d
        cross join lateral unnest(d.placement_ids, d.option_nos, d.counts) as c (placement_id, option_no, count)
        group by d.account_id, d.project_id, d.due_at, c.placement_id, c.option_no
    ), events as (
        insert into public.event (account_id, id, project_id, type, data, created_at)
        select v.account_id, fn.uuid_v7(v.due_at), v.project_id, 'response.created',
            jsonb_build_object(
                'placementId', v.placement_id, 'minute', v.due_at - interval '1 minute',
                'counts', jsonb_object_agg(v.option_no, v.count)
            ), v.due_at
        from votes as v
        group by v.account_id, v.project_id, v.due_at, v.placement_id
    )
    select count(*) into _closed from deleted;
    return _closed;
end;
$$;

comment on function fn.close_event_responses is
'Makes events of the responses that are due (fn.emit_responses): one a message, and one a placement of the votes of a minute. Votes of the
minute that are stored later make another.';
