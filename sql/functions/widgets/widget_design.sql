-- Called by app as account.
create function fn.widget_design(_account_id uuid, _project_id uuid, _id uuid)
returns table (appearance_json text, texts_json text)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    perform fn.allow(_account_id, 'viewer', _project_id);
    return query
    select s.appearance::text, s.texts::text
    from public.widget as s
    where s.account_id = _account_id and s.project_id = _project_id and s.id = _id;
    if not found then
        raise exception 'There is no such widget.' using errcode = 'FB404', hint = 'See the widgets of your project.';
    end if;
end;
$$;

comment on function fn.widget_design is 'The appearance and the texts of a widget, as JSON. FB404.';
