-- Called by app as account.
create function fn.begin_export(
    _account_id uuid, _project_id uuid, _kind text, _format text, _widget_id uuid, _from_day date, _to_day date,
    _now timestamptz default now()
) returns text
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _project public.project;
begin
    perform fn.allow(
        _account_id, 'viewer', _project_id, case _kind when 'responses' then 'read_messages' end
    );
    select * into _project from public.project as p where p.account_id = _account_id and p.id = _project_id;
    if not found then
        raise exception 'There is no such project.' using errcode = 'FB404', hint = 'See the list of your projects.';
    end if;
    perform fn.check_export(_account_id, _project_id, _kind, _format, _widget_id, _from_day, _to_day);
    perform fn.add_audit_entry(
        _account_id, 'export.downloaded', _project.name, jsonb_build_object('kind', _kind, 'format', _format), null, _now
    );
    return format(
        '%s-%s-%s.%s', _project.slug, _kind, to_char(_now at time zone _project.time_zone, 'YYYY-MM-DD'), _format
    );
end;
$$;

comment on function fn.begin_export is
'Begins a direct export, records it in the audit log, and returns the file''s name. FB422 for invalid settings.';
