-- Called by app as account.
create function fn.tracker(_account_id uuid, _project_id uuid)
returns table (
    type text, url text, path text, hook_id uuid, labels text[], title text, body text, edit_rule text, created_at timestamptz,
    retry_at timestamptz, revoked_at timestamptz, installation_id bigint
)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    perform fn.allow(_account_id, 'viewer', _project_id, 'read_messages');
    return query
    select t.type, t.url, t.path, t.hook_id, t.labels, t.title, t.body, t.edit_rule, t.created_at,
        case when t.retry_at > now() then t.retry_at end, t.revoked_at,
        case when t.token is null then t.installation_id end -- the version before leaves both
    from public.tracker as t where t.account_id = _account_id and t.project_id = _project_id;
end;
$$;

comment on function fn.tracker is 'Where the issues of a project are opened, without its secrets; no row where that is nowhere.';
