-- Called by app as installation.
create function fn.claim_state(_session_hash bytea, _now timestamptz default now())
returns table (is_claimed boolean, has_demo boolean, is_demo_session boolean)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    select
        not fn.is_fresh(),
        exists (select 1 from public.account as a where a.is_demo),
        exists (
            select 1 from public.session as s
            join public.member as m on m.person_id = s.person_id
            join public.account as a on a.id = m.account_id and a.is_demo
            where s.token_hash = _session_hash and s.expires_at > _now
        );
end;
$$;

comment on function fn.claim_state is
'Whether the installation is claimed, whether the demo is loaded, and whether that session is of a member of the demo.';
