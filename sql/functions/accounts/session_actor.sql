-- Called by app as installation.
create function fn.session_actor(
    _token_hash bytea, _now timestamptz default now(), _idle interval default '30 days',
    _is_used boolean default true
)
returns table (
    person_id uuid, email text, is_confirmed boolean, account_id uuid, account_name text, role text,
    account_deletion_at timestamptz, person_deletion_at timestamptz, owns_installation boolean
)
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    update public.session as s set last_seen_at = _now
    where _is_used and s.token_hash = _token_hash and s.expires_at > _now
        and s.last_seen_at between _now - _idle and _now - interval '5 minutes';
    return query
    select p.id, p.email, coalesce(s.confirmed_at > _now - interval '10 minutes', false), a.id, a.name, m.role,
        a.deletion_at, p.deletion_at, p.is_operator
    from public.session as s
    join public.person as p on p.id = s.person_id
    left join public.member as m on m.person_id = p.id
    left join public.account as a on a.id = m.account_id
    where s.token_hash = _token_hash and s.expires_at > _now and s.last_seen_at >= _now - _idle
    order by coalesce(a.id = s.in_account, false) desc, m.created_at, a.id;
end;
$$;

comment on function fn.session_actor is
'The person of a session, whether they confirmed who they are within 10 minutes, and one row for each of their accounts: the
chosen one first, then by age of the membership. A person in no account is one row with nulls; an unknown or expired session, or one
that was not used for _idle, is no row. owns_installation: they are an operator. With _is_used it records
when the session was last used, to 5 minutes.';
