-- Called by app as installation.
create function fn.invitation(_token_hash bytea, _now timestamptz default now())
returns table (account_id uuid, account_name text, email text, role text, invited_by text, is_person boolean)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    _account_id uuid := fn.directory_account('invitation', _token_hash);
begin
    return query
    select i.account_id, a.name, i.email, i.role, b.email,
        exists (select 1 from public.person as p where lower(p.email) = lower(i.email) and p.verified_at is not null)
    from public.invitation as i
    join public.account as a on a.id = i.account_id
    left join public.person as b on b.id = i.invited_by
    where i.account_id = _account_id and i.token_hash = _token_hash and i.expires_at > _now;
end;
$$;

comment on function fn.invitation is
'A mailed invitation, without using it. is_person: its address has signed up. No row if it was used or revoked, or has
expired.';
