-- Called by app as installation.
create function fn.sign_in(
    _person_id uuid, _session_hash bytea, _old_session_hash bytea, _browser text, _now timestamptz default now()
) returns boolean
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _person record;
begin
    select p.email, p.totp_salt into strict _person from public.person as p where p.id = _person_id;
    if _person.totp_salt is null then
        perform fn.create_session(_person_id, _session_hash, _old_session_hash, _now, _browser);
        perform fn.add_person_entries(
            _person_id, 'sign_in.succeeded', jsonb_build_object('browser', nullif(_browser, '')), _person_id, _now
        );
        return true;
    end if;
    perform fn.create_token(_person_id, 'second_step', _person.email, _session_hash, _now);
    return false;
end;
$$;

comment on function fn.sign_in is
'Signs in a person after a password or link, which the audit logs of their accounts record; true. With an authenticator app the token allows only the second step; false.';
