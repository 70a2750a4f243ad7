-- Called by app as account.
create function fn.replay_events(
    _account_id uuid, _project_id uuid, _destination_id uuid, _since timestamptz, _now timestamptz default now()
) returns integer
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _most constant integer := 1000;
    _destination public.destination;
    _event public.event;
    _count integer;
begin
    perform fn.allow(_account_id, 'admin', _project_id);
    _destination := fn.destination_for_update(_account_id, _project_id, _destination_id);
    if _destination.disabled_at is not null then
        raise exception 'This destination is disabled.' using errcode = 'FB409', hint = 'Enable it first.';
    end if;
    if _since is null or _since not between _now - interval '30 days' and _now then
        raise exception 'The time must be within the last 30 days.' using errcode = 'FB422';
    end if;
    with again as (
        select v.id from public.delivery as v
        where v.account_id = _account_id and v.destination_id = _destination_id and v.created_at >= _since
            and v.done_at is not null
        order by v.id
        limit _most
    )
    update public.delivery as v set done_at = null, outcome = null, next_at = _now, resent_at = _now, attempts_before = v.attempts
    from again as a where v.account_id = _account_id and v.id = a.id;
    get diagnostics _count = row_count;
    for _event in
        select * from public.event as e
        where e.account_id = _account_id and e.project_id = _project_id and e.created_at >= _since
            and e.matched_at is not null and not exists (
                select 1 from public.delivery as v
                where v.account_id = _account_id and v.destination_id = _destination_id and e.id = any (v.event_ids)
            )
        order by e.created_at, e.id
        limit _most
    loop
        exit when _count >= _most;
        continue when not fn.is_event_match(_destination, _event);
        perform fn.add_delivery(_destination, array[_event.id], _now, _now);
        _count := _count + 1;
    end loop;
    update public.destination as d set retry_at = null where d.account_id = _account_id and d.id = _destination_id;
    perform fn.schedule_destination(_account_id, _destination_id, _now);
    perform fn.add_audit_entry(
        _account_id, 'destination.events_resent', _destination.name, jsonb_build_object('since', _since, 'count', _count)
    );
    return _count;
end;
$$;

comment on function fn.replay_events is
'Sends again what was sent to a destination since a time of the last 30 days, with the same ids, and what happened since then that it takes
and has not got: at most 1,000 deliveries, whose number it returns. FB409 where the destination is disabled; FB422, FB404, FB403.';
