create function fn.delete_person(_person_id uuid, _now timestamptz default now()) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _email text;
    _account_ids uuid[];
    _roles text[];
    _nobody constant text := 'somebody who left';
begin
    select lower(p.email) into strict _email from public.person as p where p.id = _person_id;
    select array_agg(m.account_id order by m.account_id), array_agg(m.role order by m.account_id) into _account_ids, _roles
    from public.member as m where m.person_id = _person_id;
    perform fn.add_audit_entry(a.id, 'member.left', _email, jsonb_build_object('role', a.role), _person_id, _now)
    from unnest(_account_ids, _roles) as a (id, role);
    delete from public.mail as m where lower(m.recipient) = _email;
    delete from public.recap_delivery as d
    using public.member as m
    where m.person_id = _person_id and d.account_id = m.account_id and d.to_id = _person_id;
    delete from public.invitation as i where lower(i.email) = _email;
    perform fn.release_member(a.id, _person_id) from unnest(_account_ids) as a (id);
    -- Sessions, links, codes and memberships go with them. What they did stays, without their name.
    delete from public.person as p where p.id = _person_id;
    update public.audit as n
    set actor = _nobody, person_id = null,
        about = _nobody, details = n.details - 'from' - 'to'
    where n.person_id = _person_id and n.what in ('member.joined', 'member.left', 'member.address_updated');
    update public.audit as n set actor = _nobody, person_id = null where n.person_id = _person_id;
    update public.audit as n
    set about = case when lower(n.about) = _email then _nobody else n.about end,
        details = (
            select coalesce(
                jsonb_object_agg(
                    d.key, case when lower(d.value #>> '{}') = _email then to_jsonb(_nobody) else d.value end
                ), '{}'
            )
            from jsonb_each(n.details) as d
        )
    where lower(n.about) = _email or _email in (select lower(d.value) from jsonb_each_text(n.details) as d);
    perform fn.enqueue_mail(_email, 'person_deleted', _now => _now);
end;
$$;

comment on function fn.delete_person is
'Deletes a person who owns no account: sign-in, memberships, mails to them. Audit logs keep their entries without the name.
Sends a last mail.';
