create function fn.create_token(
    _person_id uuid, _purpose text, _email text, _token_hash bytea, _now timestamptz default now()
) returns timestamptz
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _expires_at timestamptz := _now + case _purpose
        when 'magic_link' then interval '30 minutes'
        when 'reset' then interval '1 hour'
        when 'second_step' then interval '10 minutes'
        else interval '1 day'
    end;
begin
    insert into public.token (token_hash, person_id, purpose, email, created_at, expires_at)
    values (_token_hash, _person_id, _purpose, _email, _now, _expires_at);
    return _expires_at;
end;
$$;

comment on function fn.create_token is
'Creates a token that can be used once, for one purpose; returns its expiry. Only its SHA-256 is stored.';
