create function fn.delete_totp(_person_id uuid) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    update public.person set totp_salt = null where id = _person_id;
    delete from public.recovery_code as r where r.person_id = _person_id;
end;
$$;

comment on function fn.delete_totp is 'Deletes a person''s authenticator app and recovery codes.';
