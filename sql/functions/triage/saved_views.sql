-- Called by app as account.
create function fn.saved_views(_account_id uuid, _project_id uuid)
returns table (id uuid, name text, query text, created_at timestamptz)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    perform fn.allow(_account_id, 'viewer', _project_id, 'read_messages');
    return query
    select v.id, v.name, v.query, v.created_at from public.saved_view as v
    where v.account_id = _account_id and v.project_id = _project_id
    order by lower(v.name);
end;
$$;

comment on function fn.saved_views is 'The saved views of a project''s inbox by name.';
