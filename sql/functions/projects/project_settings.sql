-- Called by app as account.
create function fn.project_settings(_account_id uuid, _project_id uuid default null)
returns table (
    id uuid, slug text, name text, time_zone text, origins text[], key_rules text, visitor_policy text,
    retention_days integer, test_mode boolean, created_at timestamptz, archived_at timestamptz
)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    perform fn.allow(_account_id, 'viewer', _project_id, 'read_counts');
    return query
    select p.id, p.slug, p.name, p.time_zone, p.origins, p.key_rules::text, p.visitor_policy, p.retention_days,
        p.test_mode, p.created_at, p.archived_at
    from public.project as p
    where p.account_id = _account_id and (_project_id is null or p.id = _project_id)
    order by p.created_at, p.id;
    if not found and _project_id is not null then
        raise exception 'There is no such project.' using errcode = 'FB404', hint = 'See the list of your projects.';
    end if;
end;
$$;

comment on function fn.project_settings is 'Settings of a project, or of each that the actor may see, oldest first. FB404.';
