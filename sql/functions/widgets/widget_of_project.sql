create function fn.widget_of_project(_account_id uuid, _project_id uuid, _id uuid) returns public.widget
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _widget public.widget;
begin
    select * into _widget from public.widget as s
    where s.account_id = _account_id and s.project_id = _project_id and s.id = _id
    for no key update;
    if not found then
        raise exception 'There is no such widget.' using errcode = 'FB404', hint = 'See the widgets of your project.';
    end if;
    return _widget;
end;
$$;

comment on function fn.widget_of_project is 'A widget, locked for changes; FB404 for no such widget in the project.';
