-- Called by app as account.
create function fn.send_test_event(
    _account_id uuid, _project_id uuid, _destination_id uuid, _now timestamptz default now()
) returns uuid
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _destination public.destination;
    _event_id uuid := fn.uuid_v7(_now);
begin
    perform fn.allow(_account_id, 'admin', _project_id);
    _destination := fn.destination_for_update(_account_id, _project_id, _destination_id);
    if _destination.disabled_at is not null then
        raise exception 'This destination is disabled.' using errcode = 'FB409', hint = 'Enable it first.';
    end if;
    if 10 <= (
        select count(*) from public.event as e
        where e.account_id = _account_id and e.project_id = _project_id and e.type = 'test'
            and e.created_at > _now - interval '1 minute'
    ) then
        raise exception 'You can send 10 test events a minute.' using errcode = 'FB429', hint = 'Wait a minute.';
    end if;
    insert into public.event (account_id, id, project_id, type, data, created_at, matched_at)
    values (
        _account_id, _event_id, _project_id, 'test', jsonb_build_object('destination', _destination.name), _now, _now
    );
    update public.destination as d set retry_at = null where d.account_id = _account_id and d.id = _destination_id;
    perform fn.add_audit_entry(_account_id, 'destination.test_sent', _destination.name);
    return fn.add_delivery(_destination, array[_event_id], _now, _now);
end;
$$;

comment on function fn.send_test_event is
'Sends an event of type test to a destination, at once and whatever its filter, and returns the delivery. FB409 where it is disabled, FB429
beyond 10 a minute; FB404, FB403.';
