-- Called by app as account.
create function fn.update_destination_secret(
    _account_id uuid, _project_id uuid, _id uuid, _secret bytea, _now timestamptz default now()
) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _destination public.destination;
begin
    perform fn.allow(_account_id, 'admin', _project_id);
    _destination := fn.destination_for_update(_account_id, _project_id, _id);
    if _destination.type <> 'webhook' then
        raise exception 'Only webhooks have a secret.' using errcode = 'FB422';
    end if;
    update public.destination as d
    set secret = _secret, previous_secret = d.secret, previous_until = _now + interval '24 hours'
    where d.account_id = _account_id and d.id = _id;
    perform fn.add_audit_entry(_account_id, 'destination.secret_updated', _destination.name);
end;
$$;

comment on function fn.update_destination_secret is
'Replaces the secret of a webhook. For 24 hours the one before signs as well. FB422, FB404, FB403.';
