create function fn.set_password(
    _person_id uuid, _password_hash text, _kept_session_hash bytea, _now timestamptz default now()
) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    update public.person set password_hash = _password_hash where id = _person_id;
    delete from public.session as s
    where s.person_id = _person_id and s.token_hash is distinct from _kept_session_hash;
    delete from public.token as t where t.person_id = _person_id;
    delete from public.known_device as k where k.person_id = _person_id;
    perform fn.notify_person(_person_id, 'Your password was changed, and all other sessions were signed out.', _now);
end;
$$;

comment on function fn.set_password is
'Sets a person''s password, mails them, and revokes their links, known devices and all sessions but the current one.';
