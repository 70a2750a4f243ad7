create function fn.add_person_entries(
    _person_id uuid, _what text, _details jsonb default '{}', _by_id uuid default null, _now timestamptz default now()
) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _email text;
    _account_ids uuid[];
begin
    select p.email into _email from public.person as p where p.id = _person_id;
    -- First, because on Citus each node would call the function itself, as somebody else.
    _account_ids := array(select m.account_id from public.member as m where m.person_id = _person_id order by m.account_id);
    perform fn.add_audit_entry(a.id, _what, _email, _details, _by_id, _now) from unnest(_account_ids) as a (id);
end;
$$;

comment on function fn.add_person_entries is
'Adds an entry about a person to the audit log of each of their accounts, by the person _by_id or else the actor.';
