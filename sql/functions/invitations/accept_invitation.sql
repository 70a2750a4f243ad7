-- Called by app as installation.
create function fn.accept_invitation(_session_hash bytea, _token_hash bytea, _now timestamptz default now()) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    perform fn.use_invitation(_token_hash, fn.session_person(_session_hash, _now), _session_hash, _now);
end;
$$;

comment on function fn.accept_invitation is
'Adds the signed-in person to the account that a mail to their address invited them to; see fn.use_invitation.';
