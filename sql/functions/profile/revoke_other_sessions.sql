-- Called by app as installation.
create function fn.revoke_other_sessions(_session_hash bytea, _now timestamptz default now()) returns bigint
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _ended bigint;
begin
    delete from public.session as s
    where s.person_id = fn.session_person(_session_hash, _now) and s.token_hash <> _session_hash;
    get diagnostics _ended = row_count;
    return _ended;
end;
$$;

comment on function fn.revoke_other_sessions is
'Revokes all sessions of the signed-in person except this one; returns how many.';
