-- Called by app as account.
create function fn.widget_settings(_account_id uuid, _project_id uuid, _id uuid default null)
returns table (
    id uuid, name text, type text, visitor_policy text, edit_seconds double precision, key_rules text, fields text,
    is_open_form boolean, placements integer, created_at timestamptz, archived_at timestamptz, options text,
    appearance text, texts text, follow_ups text
)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    perform fn.allow(_account_id, 'viewer', _project_id);
    return query
    select s.id, s.name, s.type, s.visitor_policy, extract(epoch from s.edit_window)::double precision,
        s.key_rules::text, s.fields::text, s.is_open_form, s.placements, s.created_at, s.archived_at,
        fn.widget_options(_account_id, s.id)::text, s.appearance::text, s.texts::text,
        fn.widget_follow_ups(_account_id, s.id)::text
    from public.widget as s
    where s.account_id = _account_id and s.project_id = _project_id and (_id is null or s.id = _id)
    order by s.created_at, s.id;
    if not found and _id is not null then
        raise exception 'There is no such widget.' using errcode = 'FB404', hint = 'See the widgets of your project.';
    end if;
end;
$$;

comment on function fn.widget_settings is
'Settings of a widget of a project, or of each, oldest first; options as in fn.widget_options, follow-ups as in
fn.widget_follow_ups. FB404.';
