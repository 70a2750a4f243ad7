-- Called by app as account.
create function fn.delete_destination(_account_id uuid, _project_id uuid, _id uuid) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _destination public.destination;
begin
    perform fn.allow(_account_id, 'admin', _project_id);
    _destination := fn.destination_for_update(_account_id, _project_id, _id);
    delete from public.destination as d where d.account_id = _account_id and d.id = _id;
    perform fn.add_audit_entry(_account_id, 'destination.deleted', _destination.name);
end;
$$;

comment on function fn.delete_destination is 'Deletes a destination with its deliveries; what waits is not sent. FB404, FB403.';
