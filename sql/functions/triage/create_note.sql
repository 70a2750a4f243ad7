-- Called by app as account.
create function fn.create_note(
    _account_id uuid, _project_id uuid, _response_id uuid, _body text, _now timestamptz default now()
) returns uuid
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _most constant integer := 100;
    _id uuid := fn.uuid_v7(_now);
begin
    perform fn.allow(_account_id, 'editor', _project_id);
    if coalesce(char_length(_body), 0) not between 1 and 2000 or _body !~ '[^[:space:]]' then
        raise exception 'A note must have 1 to 2,000 characters.' using errcode = 'FB422';
    end if;
    if fn.open_triage(_account_id, _project_id, array[_response_id]) = '{}' then
        raise exception 'There is no such message.'
            using errcode = 'FB404', hint = 'It may have been deleted for good, or withdrawn by its sender.';
    end if;
    perform from public.triage as t where t.account_id = _account_id and t.response_id = _response_id for update;
    if (
        select count(*) from public.note as n where n.account_id = _account_id and n.response_id = _response_id
    ) >= _most then
        raise exception 'A message has at most % notes.', _most
            using errcode = 'FB422', hint = 'Delete one that is no longer needed.';
    end if;
    insert into public.note (account_id, id, project_id, response_id, person_id, body, created_at)
    values (
        _account_id, _id, _project_id, _response_id,
        nullif(current_setting('feelback.person_id', true), '')::uuid, _body, _now
    );
    perform fn.add_audit_entry(
        _account_id, 'message.note_created',
        (select p.name from public.project as p where p.account_id = _account_id and p.id = _project_id), _now => _now
    );
    return _id;
end;
$$;

comment on function fn.create_note is
'Adds a note to a message, which only members read; returns its id. FB422 for one that is empty or longer than 2,000 characters and
for more than 100 of a message; FB404, FB403.';
