-- Called by app as installation.
create function fn.second_step(_token_hash bytea, _now timestamptz default now())
returns table (person_id uuid, totp_salt bytea)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    select p.id, p.totp_salt
    from public.token as t
    join public.person as p on p.id = t.person_id
    where t.token_hash = _token_hash and t.purpose = 'second_step' and t.expires_at > _now and p.totp_salt is not null;
end;
$$;

comment on function fn.second_step is
'The person between the two steps of signing in with that token; no row if the first has expired.';
