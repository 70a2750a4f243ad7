-- Called by app as installation.
create function fn.use_email_change(_token_hash bytea, _now timestamptz default now()) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _used record;
begin
    select u.person_id, u.email into strict _used from fn.use_token(_token_hash, 'email_change', _now) as u;
    perform fn.notify_person(
        _used.person_id, format('Your email address was changed to %s.', _used.email), _now
    );
    perform fn.add_audit_entry(
        m.account_id, 'member.address_updated', _used.email, jsonb_build_object('from', p.email, 'to', _used.email),
        _used.person_id, _now
    )
    from public.member as m
    join public.person as p on p.id = m.person_id
    where m.person_id = _used.person_id;
    -- Links that went to the old address are of no use any more.
    delete from public.token as t where t.person_id = _used.person_id;
    delete from public.person as p where lower(p.email) = lower(_used.email) and p.verified_at is null;
    update public.person set email = _used.email where id = _used.person_id;
exception when unique_violation then
    raise exception 'This address is in use now.' using errcode = 'FB409', hint = 'Choose another address.';
end;
$$;

comment on function fn.use_email_change is
'Changes a person''s address by the link mailed to the new one, and mails the old one. FB409 if the address is in use by now.';
