-- Called by app as account.
create function fn.delivery_request(_account_id uuid, _project_id uuid, _id uuid, _now timestamptz default now()) returns text
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
    _delivery public.delivery;
begin
    perform fn.allow(_account_id, 'admin', _project_id);
    select * into _delivery from public.delivery as v
    where v.account_id = _account_id and v.project_id = _project_id and v.id = _id;
    return fn.delivery_payload(_delivery, _now)::text;
end;
$$;

comment on function fn.delivery_request is
'The payload of a delivery as JSON, as it is sent now; null if everything that it is about was deleted.';
