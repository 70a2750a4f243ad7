create function fn.session_person(_session_hash bytea, _now timestamptz default now()) returns uuid
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
    _id uuid;
begin
    select s.person_id into _id from public.session as s where s.token_hash = _session_hash and s.expires_at > _now;
    if _id is null then
        raise exception 'You are not signed in.' using errcode = 'FB401', hint = 'Sign in first.';
    end if;
    return _id;
end;
$$;

comment on function fn.session_person is 'The person of a session; FB401 without one.';
