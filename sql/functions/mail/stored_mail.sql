-- Called by app as installation.
create function fn.stored_mail(_person_id uuid, _id uuid, _is_revealed boolean default false, _now timestamptz default now())
returns table (recipient text, template text, created_at timestamptz, body bytea)
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _what constant text := case when _is_revealed then 'mail.revealed' else 'mail.read' end;
    _mail record;
    _account_ids uuid[];
    _account_id uuid;
begin
    perform fn.allow_installation(_person_id);
    select m.recipient, m.template, m.created_at, b.body into _mail
    from public.mail as m
    join public.mail_body as b on b.mail_id = m.id and b.expires_at > _now
    where m.id = _id;
    if not found then
        return;
    end if;
    _account_ids := array(
        select m.account_id from public.member as m where m.person_id = _person_id and m.role = 'owner'
        union
        select m.account_id from public.member as m
        join public.person as p on p.id = m.person_id
        where lower(p.email) = lower(_mail.recipient)
    );
    if not exists (select 1 from public.member as m where m.person_id = _person_id and m.role = 'owner') then
        raise exception 'Reading a stored mail is recorded in an audit log, and you own no account that has one.'
            using errcode = 'FB403', hint = 'Create an account first.';
    end if;
    for _account_id in select unnest(_account_ids) order by 1 loop
        -- A page asks twice, for itself and for its frame, which is one reading.
        if not exists (
            select 1 from public.audit as n
            where n.account_id = _account_id and n.at > _now - interval '1 minute' and n.person_id = _person_id
                and n.what = _what and n.details ->> 'id' = _id::text
        ) then
            perform fn.add_audit_entry(
                _account_id, _what, _mail.recipient,
                jsonb_build_object('mail', replace(_mail.template, '_', ' '), 'id', _id), _person_id, _now
            );
        end if;
    end loop;
    return query select _mail.recipient, _mail.template, _mail.created_at, _mail.body;
end;
$$;

comment on function fn.stored_mail is
'A mail that was stored for want of a mail server, for an operator: no row for one that is not there or has expired. Each reading
is recorded in the audit logs of the operator''s accounts and of those of the recipient, one that reveals links as such. FB403
for an operator who owns no account.';
