create function fn.add_delivery(
    _destination public.destination, _event_ids uuid[], _next_at timestamptz, _now timestamptz
) returns uuid
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _id uuid := fn.uuid_v7(_now);
begin
    insert into public.delivery (account_id, id, project_id, destination_id, event_ids, is_digest, created_at, next_at)
    values (
        _destination.account_id, _id, _destination.project_id, _destination.id, _event_ids, _next_at > _now, _now, _next_at
    );
    perform fn.schedule_destination(_destination.account_id, _destination.id, _now);
    return _id;
end;
$$;

comment on function fn.add_delivery is
'Creates a delivery and returns its id; one that is not due at once is a digest, to which events are added until it is.';
