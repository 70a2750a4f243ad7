create function fn.take_second_factor(_person_id uuid, _totp_step bigint, _recovery_hash bytea) returns boolean
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    if _totp_step is not null then
        update public.person as p set totp_step = _totp_step
        where p.id = _person_id and p.totp_salt is not null and p.totp_step < _totp_step;
    else
        delete from public.recovery_code as r where r.person_id = _person_id and r.code_hash = _recovery_hash;
    end if;
    return found;
end;
$$;

comment on function fn.take_second_factor is
'Uses a code of the authenticator app, by its time step, or a recovery code; false for a wrong or used one.';
