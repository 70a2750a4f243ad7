-- Called by app as installation.
create function fn.enable_totp(
    _session_hash bytea, _totp_salt bytea, _totp_step bigint, _recovery_hashes bytea[], _now timestamptz default now()
) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _id uuid := fn.confirmed_person(_session_hash, _now);
begin
    update public.person as p set totp_salt = _totp_salt, totp_step = _totp_step
    where p.id = _id and p.totp_salt is null;
    if not found then
        raise exception 'An authenticator app is set up already.'
            using errcode = 'FB409', hint = 'Turn it off first to set up another one.';
    end if;
    insert into public.recovery_code (person_id, code_hash) select _id, unnest(_recovery_hashes);
    perform fn.notify_person(_id, 'An authenticator app was set up. Signing in now requires its codes.', _now);
end;
$$;

comment on function fn.enable_totp is 'Requires codes of an authenticator app; the person has entered one, of _totp_step.';
