-- Called by app as installation.
create function fn.disable_totp(_session_hash bytea, _now timestamptz default now()) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _id uuid := fn.confirmed_person(_session_hash, _now);
begin
    perform fn.delete_totp(_id);
    perform fn.notify_person(_id, 'The authenticator app was turned off. Signing in no longer requires codes.', _now);
end;
$$;

comment on function fn.disable_totp is
'Stops requiring codes of an authenticator app from the signed-in person, with a fresh confirmation.';
