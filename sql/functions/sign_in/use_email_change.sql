-- Called by app as installation.
create function fn.use_email_change(_token_hash bytea, _now timestamptz default now()) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _used record;
    _old_email text;
    _account_ids uuid[];
begin
    select u.person_id, u.email into strict _used from fn.use_token(_token_hash, 'email_change', _now) as u;
    perform fn.notify_person(
        _used.person_id, format('Your email address was changed to %s.', _used.email), _now
    );
    select p.email into _old_email from public.person as p where p.id = _used.person_id;
    _account_ids := array(select m.account_id from public.member as m where m.person_id = _used.person_id);
    perform fn.add_audit_entry(
        a.id, 'member.address_updated', _used.email, jsonb_build_object('from', _old_email, 'to', _used.email),
        _used.person_id, _now
    )
    from unnest(_account_ids) as a (id);
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
