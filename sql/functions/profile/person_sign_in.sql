-- Called by app as installation.
create function fn.person_sign_in(_session_hash bytea, _now timestamptz default now())
returns table (
    id uuid, email text, password_hash text, totp_salt bytea, recovery_codes integer, has_code boolean
)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    _id uuid := fn.session_person(_session_hash, _now);
begin
    return query
    select
        p.id, p.email, p.password_hash, p.totp_salt,
        (select count(*) from public.recovery_code as r where r.person_id = p.id)::integer,
        coalesce(s.code_expires_at > _now, false)
    from public.person as p
    join public.session as s on s.token_hash = _session_hash
    where p.id = _id;
end;
$$;

comment on function fn.person_sign_in is
'Sign-in settings of a session''s person, their number of recovery codes, and whether a confirmation code was mailed.';
