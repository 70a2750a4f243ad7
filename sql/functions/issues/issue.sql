-- Called by app as account.
create function fn.issue(_account_id uuid, _project_id uuid, _response_id uuid)
returns table (id uuid, state text, number text, url text, problem text, next_at timestamptz, is_own boolean)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    perform fn.allow(_account_id, 'viewer', _project_id, 'read_messages');
    return query
    select i.id, i.state, i.number, i.url, i.problem, i.next_at, i.response_id = _response_id
    from public.issue as i
    where i.account_id = _account_id and i.project_id = _project_id
        and i.id = fn.message_issue_id(_account_id, _response_id);
end;
$$;

comment on function fn.issue is 'The issue of a message, or of one of its group; no row without one.';
