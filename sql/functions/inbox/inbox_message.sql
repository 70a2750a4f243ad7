-- Called by app as account.
create function fn.inbox_message(_account_id uuid, _project_id uuid, _id uuid)
returns table (
    id uuid, widget_id uuid, widget_name text, type text, key text, label text, icon text, body text, fields json,
    sender text, created_at timestamp, edited_at timestamp, folder text, is_read boolean, is_starred boolean,
    is_test boolean, option text, reasons_json text, status text, assignee_id uuid, assignee text, tags_json text,
    group_id uuid, group_size bigint, notes bigint, context_json text, page_id uuid, contact text
)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
    _hidden_from timestamptz := fn.hidden_from(_account_id);
begin
    perform fn.allow(_account_id, 'viewer', _project_id, 'read_messages');
    return query
    select m.*, coalesce(u.context, '{}')::text, c.page_id,
        case when not u.is_hidden then fn.reply_contact(f.contact, u.context, u.fields, s.fields) end
    from fn.message_rows(_account_id, array[_id]) as m
    join public.response as f on f.account_id = _account_id and f.id = m.id
    join public.widget as s on s.account_id = _account_id and s.id = m.widget_id and s.project_id = _project_id
    join public.placement as c on c.account_id = _account_id and c.id = f.placement_id
    cross join lateral fn.visible_words(f.body, f.fields, f.context, f.created_at, _hidden_from) as u;
    if not found then
        raise exception 'There is no such message.'
            using errcode = 'FB404', hint = 'It may have been deleted for good, or withdrawn by its sender.';
    end if;
end;
$$;

comment on function fn.inbox_message is 'A message of a project with the context that its page sent, and the address at which its visitor can be answered. FB404.';
