create function fn.reply_message(_account_id uuid, _project_id uuid, _id uuid)
returns table (contact text, body text, created_at timestamptz)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    select
        case when not u.is_hidden then fn.reply_contact(f.contact, u.context, u.fields, s.fields) end,
        coalesce(u.body, (select string_agg(v.key || ': ' || v.value, e'\n' order by v.key) from jsonb_each_text(u.fields) as v)),
        f.created_at
    from public.response as f
    join public.widget as s on s.account_id = f.account_id and s.id = f.widget_id and s.project_id = _project_id
    cross join lateral fn.visible_words(f.body, f.fields, f.context, f.created_at, fn.hidden_from(_account_id)) as u
    where f.account_id = _account_id and f.id = _id and (f.body is not null or f.fields is not null);
end;
$$;

comment on function fn.reply_message is
'What a reply to a message needs: the address, null where the visitor left none or the message is hidden; the words, and their time.';
