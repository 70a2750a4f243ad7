-- Called by owner as caller.
create function fn.update_demo_password(_person_id uuid, _password_hash text) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    update public.person set password_hash = _password_hash where id = _person_id;
    delete from public.session as s where s.person_id = _person_id;
end;
$$;

comment on function fn.update_demo_password is 'Sets the password of the demo''s owner, and revokes their sessions.';
