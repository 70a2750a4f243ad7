-- Called by app as account.
create function fn.notes(_account_id uuid, _project_id uuid, _response_id uuid)
returns table (id uuid, author text, is_own boolean, body text, created_at timestamptz)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    perform fn.allow(_account_id, 'viewer', _project_id, 'read_messages');
    return query
    select n.id, p.email, coalesce(n.person_id = nullif(current_setting('feelback.person_id', true), '')::uuid, false),
        n.body, n.created_at
    from public.note as n
    left join public.person as p on p.id = n.person_id
    where n.account_id = _account_id and n.project_id = _project_id and n.response_id = _response_id
    order by n.created_at, n.id;
end;
$$;

comment on function fn.notes is
'The notes about a message, oldest first, each with the address of its author: null for a program and for somebody who left.';
