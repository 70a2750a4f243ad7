-- Called by app as installation.
create function fn.confirm_session(_session_hash bytea, _now timestamptz default now()) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    update public.session as s set confirmed_at = _now, code_hash = null, code_expires_at = null
    where s.token_hash = _session_hash and s.expires_at > _now;
end;
$$;

comment on function fn.confirm_session is 'Records a confirmation, valid for 10 minutes.';
