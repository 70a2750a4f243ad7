-- Called by app as account.
create function fn.update_widget(_account_id uuid, _project_id uuid, _id uuid, _changes jsonb) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _old public.widget;
    _new public.widget;
    _changed jsonb;
begin
    perform fn.allow(_account_id, 'editor', _project_id);
    perform fn.check_changes(_changes, '{
        "name": "string", "visitor_policy": "string", "edit_seconds": "seconds?", "key_rules": "object",
        "fields": "array", "is_open_form": "boolean", "appearance": "object", "texts": "object"
    }');
    _old := fn.widget_of_project(_account_id, _project_id, _id);
    _new := jsonb_populate_record(_old, _changes);
    _new.name := trim(_new.name);
    if _changes ? 'edit_seconds' then
        _new.edit_window := make_interval(secs => (_changes ->> 'edit_seconds')::double precision);
    end if;
    perform fn.check_widget(_new);
    _changed := fn.changed(to_jsonb(_old), to_jsonb(_new));
    if _changed is null then
        return;
    end if;
    if exists (
        select 1 from public.widget as s
        where s.account_id = _account_id and s.project_id = _project_id and s.name = _new.name and s.id <> _id
    ) then
        raise exception 'The project already has a widget %.', _new.name
            using errcode = 'FB409', hint = 'Choose another name.';
    end if;
    update public.widget as s
    set name = _new.name, visitor_policy = _new.visitor_policy, edit_window = _new.edit_window,
        key_rules = _new.key_rules, fields = _new.fields, is_open_form = _new.is_open_form,
        appearance = _new.appearance, texts = _new.texts
    where s.account_id = _account_id and s.id = _id;
    perform fn.add_audit_entry(_account_id, 'widget.updated', _new.name, _changed);
end;
$$;

comment on function fn.update_widget is
'Updates the settings of a widget in _changes: name, visitor_policy, edit_seconds (null is unlimited), key_rules, fields,
is_open_form, appearance, texts. Stored responses stay as they are. Takes effect on websites within seconds. FB404, FB422, FB409, FB403.';
