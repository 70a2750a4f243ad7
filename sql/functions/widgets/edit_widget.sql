-- Called by app as account.
create function fn.edit_widget(
    _account_id uuid, _project_id uuid, _id uuid, _changes jsonb, _options jsonb default null,
    _follow_ups jsonb default null
) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    perform fn.allow(_account_id, 'editor', _project_id);
    perform fn.update_widget(_account_id, _project_id, _id, _changes);
    if _options is not null then
        perform fn.update_options(_account_id, _project_id, _id, _options);
    end if;
    if _follow_ups is not null then
        perform fn.update_follow_ups(_account_id, _project_id, _id, _follow_ups);
    end if;
end;
$$;

comment on function fn.edit_widget is
'Updates settings, options and follow-ups of a widget together, or none of them: fn.update_widget and, with options,
fn.update_options, and with follow-ups, fn.update_follow_ups.';
