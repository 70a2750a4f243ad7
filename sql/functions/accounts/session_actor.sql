create function fn.session_actor(_token_hash bytea, _now timestamptz default now())
returns table (person_id uuid, email text, account_id uuid, account_name text, role text)
language plpgsql stable
set search_path = ''
as $$
begin
    return query
    select p.id, p.email, a.id, a.name, m.role
    from public.session as s
    join public.person as p on p.id = s.person_id
    left join public.member as m on m.person_id = p.id
    left join public.account as a on a.id = m.account_id
    where s.token_hash = _token_hash and s.expires_at > _now
    order by m.created_at, a.id;
end;
$$;

comment on function fn.session_actor is
'Who a session is: the person, one row for each account that they are a member of, the oldest membership first. A person
in no account is one row with nulls, a session that is unknown or over is none.';
