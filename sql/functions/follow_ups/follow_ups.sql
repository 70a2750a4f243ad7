-- Called by app as account.
create function fn.follow_ups(_account_id uuid, _project_id uuid, _widget_id uuid) returns text
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    perform fn.allow(_account_id, 'viewer', _project_id);
    if not exists (
        select 1 from public.widget as w
        where w.account_id = _account_id and w.project_id = _project_id and w.id = _widget_id
    ) then
        raise exception 'There is no such widget.' using errcode = 'FB404', hint = 'See the widgets of your project.';
    end if;
    return fn.widget_follow_ups(_account_id, _widget_id)::text;
end;
$$;

comment on function fn.follow_ups is 'The follow-ups of a widget of a project, as JSON (fn.widget_follow_ups). FB404, FB403.';
