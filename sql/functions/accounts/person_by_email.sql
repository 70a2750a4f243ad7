-- Called by app as installation.
create function fn.person_by_email(_email text) returns table (id uuid, password_hash text)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    select p.id, p.password_hash
    from public.person as p
    where lower(p.email) = lower(trim(_email)) and p.verified_at is not null;
end;
$$;

comment on function fn.person_by_email is
'The person of an address with the hash of the password, for signing in; null if there is none.';
