-- Called by app as installation.
create function fn.confirm_by_factor(
    _session_hash bytea, _totp_step bigint, _recovery_hash bytea, _now timestamptz default now()
) returns boolean
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    if not fn.take_second_factor(fn.session_person(_session_hash, _now), _totp_step, _recovery_hash) then
        return false;
    end if;
    perform fn.confirm_session(_session_hash, _now);
    return true;
end;
$$;

comment on function fn.confirm_by_factor is
'Confirms a session by a code of the authenticator app or a recovery code; false for a wrong or used one.';
