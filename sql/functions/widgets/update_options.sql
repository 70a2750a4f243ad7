-- Called by app as account.
create function fn.update_options(
    _account_id uuid, _project_id uuid, _id uuid, _options jsonb, _now timestamptz default now()
) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _widget public.widget;
    _old jsonb;
    _new jsonb;
begin
    perform fn.allow(_account_id, 'editor', _project_id);
    _widget := fn.widget_of_project(_account_id, _project_id, _id);
    perform fn.check_options(_widget.type, _options);
    if _widget.type in ('message', 'form') and _options #>> '{0,value}' is distinct from (
        select o.value from public.option as o where o.account_id = _account_id and o.widget_id = _id and o.no = 1
    ) then
        raise exception 'The value of a %''s option cannot change.', _widget.type using errcode = 'FB422';
    end if;
    _old := fn.widget_options(_account_id, _id);

    perform fn.replace_options(_account_id, _id, _widget.type, _options, _now);
    if (select max(o.no) > 1000 from public.option as o where o.account_id = _account_id and o.widget_id = _id) then
        raise exception 'A widget can have at most 1000 options, retired ones included.' using errcode = 'FB422';
    end if;

    _new := fn.widget_options(_account_id, _id);
    if _new is distinct from _old then
        perform fn.rescore_widget(_account_id, _id, _now);
        perform fn.add_audit_entry(
            _account_id, 'widget.options_updated', _widget.name,
            jsonb_build_object('from', _old, 'to', _new)
        );
    end if;
end;
$$;

comment on function fn.update_options is
'Replaces the options of a widget, in this order ([{value, label?, icon?, weight?, aliases?}]). Missing ones are retired: they
accept no responses, and their counts stay in totals and history. A value that existed before comes back with its counts;
attributes that are not given stay. A change of weights applies to sums at once and to scores within a minute; closed periods
keep their scores unless a late change closes them again. FB404, FB422, FB403.';
