-- Called by app as installation.
create function fn.revoke_session(_session_hash bytea, _id uuid, _now timestamptz default now()) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    delete from public.session as s
    where s.id = _id and s.person_id = fn.session_person(_session_hash, _now);
    if not found then
        raise exception 'There is no such session.' using errcode = 'FB404';
    end if;
end;
$$;

comment on function fn.revoke_session is 'Revokes a session of the signed-in person; FB404.';
