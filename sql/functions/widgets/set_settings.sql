-- Called by app as account.
create function fn.set_settings(_account_id uuid, _project_id uuid, _id uuid default null)
returns table (
    id uuid, name text, type text, visitor_policy text, edit_seconds double precision, key_rules text, fields text,
    is_open_form boolean, contents integer, created_at timestamptz, archived_at timestamptz, options text
)
language plpgsql stable
set search_path = ''
as $$
begin
    perform fn.allow(_account_id, 'viewer', _project_id);
    return query
    select s.id, s.name, s.type, s.visitor_policy, extract(epoch from s.edit_window)::double precision,
        s.key_rules::text, s.fields::text, s.is_open_form, s.contents, s.created_at, s.archived_at,
        fn.set_options(s.account_id, s.id)::text
    from public.content_set as s
    where s.account_id = _account_id and s.project_id = _project_id and (_id is null or s.id = _id)
    order by s.created_at, s.id;
    if not found and _id is not null then
        raise exception 'There is no such content set.' using errcode = 'FB404', hint = 'See the sets of your project.';
    end if;
end;
$$;

comment on function fn.set_settings is
'All that can be set of one content set of a project, or of each, oldest first; options as fn.set_options gives them. FB404
where there is no such set.';
