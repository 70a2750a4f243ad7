-- Called by app as account.
create function fn.invitations(_account_id uuid, _now timestamptz default now())
returns table (
    id uuid, email text, role text, invited_by text, created_at timestamptz, expires_at timestamptz, is_over boolean
)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
    perform fn.allow(_account_id, 'admin');
    return query
    select i.id, i.email, i.role, p.email, i.created_at, i.expires_at, i.expires_at <= _now
    from public.invitation as i
    left join public.person as p on p.id = i.invited_by
    where i.account_id = _account_id
    order by i.created_at desc, i.id;
end;
$$;

comment on function fn.invitations is
'Open invitations of an account, newest first, at most 100. is_over: the link has expired.';
