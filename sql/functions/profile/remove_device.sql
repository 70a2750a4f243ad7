-- Called by app as installation.
create function fn.remove_device(_session_hash bytea, _id uuid, _now timestamptz default now()) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    delete from public.known_device as k
    where k.id = _id and k.person_id = fn.session_person(_session_hash, _now);
    if not found then
        raise exception 'There is no such device.' using errcode = 'FB404';
    end if;
end;
$$;

comment on function fn.remove_device is 'Removes a known device of the signed-in person; its sessions go on. FB404.';
