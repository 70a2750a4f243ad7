-- Called by app as account.
create function fn.account(_account_id uuid)
returns table (
    id uuid, name text, created_at timestamptz, audit_days integer, deletion_at timestamptz, role text, owner_email text,
    members integer, projects integer, is_first boolean
)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    _first_id uuid;
begin
    perform fn.allow(_account_id, 'viewer');
    _first_id := fn.first_account();
    return query
    select a.id, a.name, a.created_at, a.audit_days, a.deletion_at,
        (
            select m.role from public.member as m
            where m.account_id = _account_id and m.person_id = nullif(current_setting('feelback.person_id', true), '')::uuid
        ),
        (
            select p.email from public.member as m join public.person as p on p.id = m.person_id
            where m.account_id = _account_id and m.role = 'owner'
        ),
        (select count(*) from public.member as m where m.account_id = _account_id)::integer,
        (select count(*) from public.project as p where p.account_id = _account_id)::integer,
        coalesce(a.id = _first_id, false)
    from public.account as a
    where a.id = _account_id;
end;
$$;

comment on function fn.account is
'An account with the actor''s role, its owner, and its numbers of members and projects. is_first: it is that of
the command line.';
