-- Called by app as account.
create function fn.create_project(
    _account_id uuid, _name text, _slug text, _time_zone text default 'UTC', _origins text[] default '{}',
    _now timestamptz default now()
) returns uuid
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _id uuid := fn.uuid_v7(_now);
    _project public.project;
begin
    perform fn.allow(_account_id, 'admin');
    _project.name := trim(_name);
    _project.slug := _slug;
    _project.time_zone := _time_zone;
    _project.origins := _origins;
    _project.visitor_policy := 'visitor';
    _project.key_rules := '{}';
    perform fn.check_project(_project);
    perform fn.check_plan(_account_id, 'projects');
    insert into public.project (account_id, id, slug, name, time_zone, origins, free_keys, created_at)
    values (_account_id, _id, _slug, _project.name, _time_zone, _origins, false, _now)
    on conflict (account_id, slug) do nothing;
    if not found then
        raise exception 'The account already has a project %.', _slug
            using errcode = 'FB409', hint = 'Choose another slug.';
    end if;
    insert into public.project_roll (account_id, project_id, through, counted_until, time_zone)
    values (_account_id, _id, (_now at time zone _time_zone)::date, fn.full_hour(_now), _time_zone);
    perform fn.add_audit_entry(_account_id, 'project.created', _project.name);
    return _id;
end;
$$;

comment on function fn.create_project is
'Creates a project of an account, whose page keys are addresses of its sites; FB422 for an invalid name, slug, zone or origin, FB409 for a slug in use, FB403 below admin,
FB402 where the plan has no room.';
