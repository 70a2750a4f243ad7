-- Called by app as account.
create function fn.resend_delivery(
    _account_id uuid, _project_id uuid, _destination_id uuid, _id uuid, _now timestamptz default now()
) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _destination public.destination;
begin
    perform fn.allow(_account_id, 'admin', _project_id);
    _destination := fn.destination_for_update(_account_id, _project_id, _destination_id);
    if _destination.disabled_at is not null then
        raise exception 'This destination is disabled.' using errcode = 'FB409', hint = 'Enable it first.';
    end if;
    update public.delivery as v set done_at = null, outcome = null, next_at = _now, resent_at = _now, attempts_before = v.attempts
    where v.account_id = _account_id and v.destination_id = _destination_id and v.id = _id;
    if not found then
        raise exception 'There is no such delivery.' using errcode = 'FB404', hint = 'Deliveries are deleted after 30 days.';
    end if;
    update public.destination as d set retry_at = null where d.account_id = _account_id and d.id = _destination_id;
    perform fn.schedule_destination(_account_id, _destination_id, _now);
    perform fn.add_audit_entry(_account_id, 'delivery.resent', _destination.name);
end;
$$;

comment on function fn.resend_delivery is
'Sends a delivery again, with the same id, at once, and then as often as a new one. FB409 where the destination is disabled; FB404, FB403.';
