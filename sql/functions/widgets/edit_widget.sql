-- Called by app as account.
create function fn.edit_widget(
    _account_id uuid, _project_id uuid, _id uuid, _changes jsonb, _options jsonb default null
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
end;
$$;

comment on function fn.edit_widget is
'Updates settings and options of a widget together, or neither: fn.update_widget and, with options, fn.update_options.';
