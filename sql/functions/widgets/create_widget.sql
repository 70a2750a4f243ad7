-- Called by app as account.
create function fn.create_widget(
    _account_id uuid,
    _project_id uuid,
    _name text,
    _type text,
    _preset text default null,
    _options jsonb default null,
    _visitor_policy text default null,
    _edit_window interval default '1 hour',
    _fields jsonb default '[]',
    _is_open_form boolean default false,
    _now timestamptz default now(),
    _key_rules jsonb default '{}',
    _appearance jsonb default '{}',
    _texts jsonb default '{}',
    _follow_ups jsonb default null
) returns uuid
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _widget public.widget;
begin
    perform fn.allow(_account_id, 'editor', _project_id);
    perform fn.refuse_deleted(_account_id, _project_id);
    _widget.account_id := _account_id;
    _widget.id := fn.uuid_v7(_now);
    _widget.name := trim(_name);
    _widget.type := _type;
    _widget.edit_window := _edit_window;
    _widget.fields := _fields;
    _widget.is_open_form := _is_open_form;
    _widget.key_rules := _key_rules;
    _widget.appearance := _appearance;
    _widget.texts := _texts;
    select coalesce(_visitor_policy, p.visitor_policy) into _widget.visitor_policy
    from public.project as p where p.account_id = _account_id and p.id = _project_id;
    if not found then
        raise exception 'There is no such project.' using errcode = 'FB404', hint = 'See the list of your projects.';
    end if;
    perform fn.check_widget(_widget);

    insert into public.widget (
        account_id, id, project_id, name, type, visitor_policy, edit_window, fields, is_open_form, key_rules, appearance,
        texts, created_at
    )
    values (
        _account_id, _widget.id, _project_id, _widget.name, _type, _widget.visitor_policy, _edit_window, _fields, _is_open_form,
        _key_rules, _appearance, _texts, _now
    )
    on conflict (account_id, project_id, name) do nothing;
    if not found then
        raise exception 'The project already has a widget %.', _widget.name
            using errcode = 'FB409', hint = 'Choose another name.';
    end if;
    insert into public.directory (lookup_key, account_id) values (uuid_send(_widget.id), _account_id);
    perform fn.create_options(_account_id, _widget.id, _type, coalesce(_options, fn.preset_options(_type, _preset)));
    _follow_ups := coalesce(_follow_ups, case when _options is null then fn.preset_follow_ups(_type, _preset) end, '[]');
    perform fn.check_follow_ups(_widget, _follow_ups);
    perform fn.replace_follow_ups(_account_id, _widget.id, _follow_ups, _now);
    perform fn.add_audit_entry(_account_id, 'widget.created', _widget.name, jsonb_build_object('type', _type));
    return _widget.id;
end;
$$;

comment on function fn.create_widget is
'Creates a widget with these options ([{value, label?, icon?, weight?, aliases?}], in order), those of a preset, or the defaults
of its type; and with these follow-ups (as fn.update_follow_ups takes them), or those of the preset. Without a visitor policy it has its project''s. An edit window of zero allows no edits, null is unlimited. FB422
names the setting, FB409 for a name in use; FB404, FB403.';
