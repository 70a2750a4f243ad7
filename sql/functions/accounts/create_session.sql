create function fn.create_session(
    _person_id uuid, _token_hash bytea, _old_token_hash bytea default null, _now timestamptz default now(),
    _browser text default ''
) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    delete from public.session as s where s.token_hash = _old_token_hash;
    insert into public.session (token_hash, person_id, browser, created_at, last_seen_at, confirmed_at, expires_at)
    values (_token_hash, _person_id, _browser, _now, _now, _now, _now + interval '30 days');
end;
$$;

comment on function fn.create_session is
'Signs a person in for 30 days by the SHA-256 of a token, and revokes the browser''s previous session.';
