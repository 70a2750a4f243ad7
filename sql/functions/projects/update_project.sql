-- Called by app as account.
create function fn.update_project(_account_id uuid, _project_id uuid, _changes jsonb, _now timestamptz default now())
returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _old public.project;
    _new public.project;
    _changed jsonb;
begin
    perform fn.allow(_account_id, 'admin', _project_id);
    perform fn.check_changes(_changes, '{
        "name": "string", "slug": "string", "time_zone": "string", "origins": "texts", "key_rules": "object",
        "visitor_policy": "string", "retention_days": "whole?", "test_mode": "boolean"
    }');
    if _changes ? 'time_zone' then
        perform fn.lock_roll_up(_account_id);  -- before any row, as everywhere
    end if;
    select * into _old from public.project as p where p.account_id = _account_id and p.id = _project_id for no key update;
    if not found then
        raise exception 'There is no such project.' using errcode = 'FB404', hint = 'See the list of your projects.';
    end if;
    _new := jsonb_populate_record(_old, _changes);
    _new.name := trim(_new.name);
    perform fn.check_project(_new);
    _changed := fn.changed(to_jsonb(_old), to_jsonb(_new));
    if _changed is null then
        return;
    end if;
    if exists (
        select 1 from public.project as p
        where p.account_id = _account_id and p.slug = _new.slug and p.id <> _project_id
    ) then
        raise exception 'The account already has a project %.', _new.slug
            using errcode = 'FB409', hint = 'Choose another slug.';
    end if;
    update public.project as p
    set name = _new.name, slug = _new.slug, time_zone = _new.time_zone, origins = _new.origins, key_rules = _new.key_rules,
        visitor_policy = _new.visitor_policy, retention_days = _new.retention_days, test_mode = _new.test_mode
    where p.account_id = _account_id and p.id = _project_id;
    if _new.time_zone <> _old.time_zone then
        perform fn.catch_up_windows(_account_id, _project_id, (_now at time zone _new.time_zone)::date);
        perform fn.cut_windows(_account_id, array[_project_id], fn.full_hour(_now));
    end if;
    perform fn.add_audit_entry(_account_id, 'project.updated', _new.name, _changed);
end;
$$;

comment on function fn.update_project is
'Updates the settings of a project in _changes: name, slug, time_zone, origins, key_rules, visitor_policy, retention_days,
test_mode. After a change of zone, counted responses stay on their day, windows end on the new today, and a closed
period that still receives a response is closed again. Takes effect on websites within seconds. FB404, FB422, FB409,
FB403.';
