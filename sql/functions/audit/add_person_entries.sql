create function fn.add_person_entries(
    _person_id uuid, _what text, _details jsonb default '{}', _by_id uuid default null, _now timestamptz default now()
) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    perform fn.add_audit_entry(m.account_id, _what, p.email, _details, _by_id, _now)
    from public.member as m
    join public.person as p on p.id = m.person_id
    where m.person_id = _person_id
    order by m.account_id;
end;
$$;

comment on function fn.add_person_entries is
'Adds an entry about a person to the audit log of each of their accounts, by the person _by_id or else the actor.';
