-- Called by app as installation.
create function fn.confirm_by_mail(_session_hash bytea, _code_hash bytea, _now timestamptz default now()) returns boolean
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    if not exists (
        select 1 from public.session as s
        where s.token_hash = _session_hash and s.code_hash = _code_hash and s.code_expires_at > _now
    ) then
        return false;
    end if;
    perform fn.confirm_session(_session_hash, _now);
    return true;
end;
$$;

comment on function fn.confirm_by_mail is 'Confirms a session by the mailed code; false for a wrong one.';
