-- Called by app as account.
create function fn.issues(_account_id uuid, _project_id uuid, _before_id uuid default null, _limit integer default 50)
returns table (
    id uuid, response_id uuid, state text, number text, url text, problem text, next_at timestamptz, created_at timestamptz
)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
    perform fn.allow(_account_id, 'viewer', _project_id, 'read_messages');
    return query
    select i.id, i.response_id, i.state, i.number, i.url, i.problem, i.next_at, i.created_at
    from public.issue as i
    where i.account_id = _account_id and i.project_id = _project_id and (_before_id is null or i.id < _before_id)
    order by i.id desc
    limit _limit;
end;
$$;

comment on function fn.issues is 'The issues of a project with the messages for which they were opened, newest first, before _before_id. FB403.';
