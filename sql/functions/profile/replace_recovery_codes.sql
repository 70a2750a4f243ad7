-- Called by app as installation.
create function fn.replace_recovery_codes(
    _session_hash bytea, _recovery_hashes bytea[], _now timestamptz default now()
) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _id uuid := fn.confirmed_person(_session_hash, _now);
begin
    if not exists (select 1 from public.person as p where p.id = _id and p.totp_salt is not null) then
        raise exception 'There is no authenticator app to recover from.' using errcode = 'FB409';
    end if;
    delete from public.recovery_code as r where r.person_id = _id;
    insert into public.recovery_code (person_id, code_hash) select _id, unnest(_recovery_hashes);
    perform fn.notify_person(_id, 'New recovery codes were created. The old ones no longer work.', _now);
end;
$$;

comment on function fn.replace_recovery_codes is 'Replaces the person''s recovery codes.';
