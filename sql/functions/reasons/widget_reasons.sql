-- Called by app as account.
create function fn.widget_reasons(_account_id uuid, _project_id uuid, _widget_id uuid) returns text
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    perform fn.allow(_account_id, 'viewer', _project_id, 'read_messages');
    perform fn.check_scope(_account_id, _project_id, 'widget', _widget_id);
    return fn.reason_groups(
        _account_id, (select json_agg(r) from fn.all_time_reasons(_account_id, _widget_id) as r), false, null,
        '0001-01-01', '9999-12-31'
    )::text;
end;
$$;

comment on function fn.widget_reasons is
'Why visitors chose the options of a widget, of all time (fn.reason_groups), with the newest messages of each reason. FB404.';
