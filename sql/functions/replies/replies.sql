-- Called by app as account.
create function fn.replies(_account_id uuid, _project_id uuid, _response_id uuid)
returns table (id uuid, author text, body text, is_fix boolean, state text, error text, created_at timestamptz)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    perform fn.allow(_account_id, 'viewer', _project_id, 'read_messages');
    return query
    select r.id, p.email, r.body, r.is_fix,
        -- In the table it is kept, which versions before write there.
        case r.state when 'kept' then 'stored' else r.state end, r.error, r.created_at
    from public.reply as r
    left join public.person as p on p.id = r.person_id
    where r.account_id = _account_id and r.project_id = _project_id and r.response_id = _response_id
    order by r.created_at, r.id;
end;
$$;

comment on function fn.replies is
'The replies to a message, oldest first, each with the address of its author (null for a program and for somebody who left) and the
state of its mail: waiting, sent, stored (there is no mail server), failed or unknown, with the reason.';
