-- Called by app as installation.
create function fn.update_password(_session_hash bytea, _password_hash text, _now timestamptz default now()) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    perform fn.set_password(fn.confirmed_person(_session_hash, _now), _password_hash, _session_hash, _now);
end;
$$;

comment on function fn.update_password is
'Sets the password of the signed-in person, with a fresh confirmation; revokes all their other sessions.';
