-- Called by app as account.
create function fn.create_reply(
    _account_id uuid, _project_id uuid, _response_id uuid, _body text, _is_fix boolean, _contact text, _recipient text,
    _address_hash bytea, _reply_to_id uuid, _domain text, _now timestamptz default now()
) returns uuid
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _id uuid := fn.uuid_v7(_now);
    _message record;
    _mail_id uuid := fn.uuid_v7(_now);
    _references jsonb;
begin
    perform fn.allow(_account_id, 'editor', _project_id);
    if fn.open_triage(_account_id, _project_id, array[_response_id]) = '{}' then
        raise exception 'There is no such message.'
            using errcode = 'FB404', hint = 'It may have been deleted for good, or withdrawn by its sender.';
    end if;
    perform from public.triage as t where t.account_id = _account_id and t.response_id = _response_id for update;
    perform fn.lock_address(_account_id, _address_hash);
    select m.contact, m.body, m.created_at, p.name as project into _message
    from fn.reply_message(_account_id, _project_id, _response_id) as m
    join public.project as p on p.account_id = _account_id and p.id = _project_id;
    if _message.contact is distinct from _contact or _contact is null then
        raise exception 'The visitor''s address has changed.' using errcode = 'FB409', hint = 'Reload the message.';
    end if;
    perform fn.check_reply(_account_id, _response_id, _body, _is_fix, _address_hash, _reply_to_id, _now);
    select coalesce(jsonb_agg(r.message_id order by r.created_at, r.id), '[]') into _references
    from public.reply as r where r.account_id = _account_id and r.response_id = _response_id;
    insert into public.reply (
        account_id, id, project_id, response_id, person_id, body, is_fix, address_hash, message_id, created_at, updated_at
    )
    values (
        _account_id, _id, _project_id, _response_id, nullif(current_setting('feelback.person_id', true), '')::uuid, _body,
        _is_fix, _address_hash, format('<%s@%s>', _mail_id, _domain), _now, _now
    );
    perform fn.enqueue_reply(_mail_id, _account_id, _id, _recipient, format('<%s@%s>', _mail_id, _domain), jsonb_build_object(
        'project', _message.project, 'body', _body, 'is_fix', _is_fix, 'message', _message.body,
        'at', fn.mail_time(_message.created_at),
        'by', (select n.email from public.person as n where n.id = _reply_to_id),
        'references', _references,
        'opt_out', format('reply %s %s %s', _account_id, _project_id, encode(_address_hash, 'hex'))
    ), _now);
    perform fn.add_audit_entry(
        _account_id, 'message.reply_sent', _message.project,
        case when _is_fix then jsonb_build_object('says', 'it is fixed') else '{}' end, _now => _now
    );
    return _id;
end;
$$;

comment on function fn.create_reply is
'Queues a mail to the visitor of a message and adds it to the message; returns the reply''s id. _contact is the address that the
visitor left, _recipient the form of it to which mail is sent, _domain that of Message-IDs, _reply_to_id the member who gets the
answer. FB422 for a text that is empty or longer than 4,000 characters and for more than 20 replies; FB409 where the visitor asked
for no more mail, has another address by now, was already told that it is fixed, or was sent the same a minute ago; FB404, FB403.';
