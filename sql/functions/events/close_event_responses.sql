create function fn.close_event_responses(_account_id uuid, _now timestamptz, _limit integer) returns integer
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _closed integer;
begin
    with due as (
        select r.account_id, r.id from public.event_response as r
        where r.account_id = _account_id and r.due_at <= _now
        order by r.due_at
        limit _limit
        for update skip locked
    ), deleted as (
        delete from public.event_response as r using due as d
        where r.account_id = _account_id and r.id = d.id
        returning r.*
    ), messages as (
        insert into public.event (account_id, id, project_id, type, response_id, created_at)
        select d.account_id, fn.uuid_v7(d.due_at), d.project_id, 'message.created', i.id, d.due_at
        from deleted as d
        cross join lateral unnest(d.response_ids) as i (id)
    )
    select count(*) into _closed from deleted;
    return _closed;
end;
$$;

comment on function fn.close_event_responses is
'Makes an event of each message of an account that was stored (fn.emit_responses).';
