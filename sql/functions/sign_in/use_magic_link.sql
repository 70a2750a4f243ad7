-- Called by app as installation.
create function fn.use_magic_link(
    _token_hash bytea, _session_hash bytea, _old_session_hash bytea, _browser text, _now timestamptz default now()
) returns boolean
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    return fn.sign_in(u.person_id, _session_hash, _old_session_hash, _browser, _now)
    from fn.use_token(_token_hash, 'magic_link', _now) as u;
end;
$$;

comment on function fn.use_magic_link is 'Signs in by a mailed link; false if the second step is required, as fn.sign_in.';
