-- Called by app as account.
create function fn.update_follow_ups(
    _account_id uuid, _project_id uuid, _widget_id uuid, _follow_ups jsonb, _now timestamptz default now()
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
    _widget := fn.widget_of_project(_account_id, _project_id, _widget_id);
    perform fn.check_follow_ups(_widget, _follow_ups);
    _old := fn.widget_follow_ups(_account_id, _widget_id);
    perform fn.replace_follow_ups(_account_id, _widget_id, _follow_ups, _now);
    if (
        select max(r.no) > 1000 from public.reason as r where r.account_id = _account_id and r.widget_id = _widget_id
    ) then
        raise exception 'must be at most 1000 reasons, archived ones included.' using errcode = 'FB422',
            column = 'followUps', detail = '{"limit": 1000}';
    end if;
    _new := fn.widget_follow_ups(_account_id, _widget_id);
    if _new is distinct from _old then
        perform fn.add_audit_entry(
            _account_id, 'widget.follow_ups_updated', _widget.name, jsonb_build_object('from', _old, 'to', _new)
        );
    end if;
end;
$$;

comment on function fn.update_follow_ups is
'Replaces the follow-ups of a widget ([{option, question, multiple, message, contact, thanks, reasons: [{value, label}]}]), one an
option
at most. Reasons that are left out are archived: they are not offered, their counts stay, and one of the same value comes back with
its counts. FB404, FB422, FB403.';
