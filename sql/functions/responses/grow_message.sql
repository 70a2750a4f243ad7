create function fn.grow_message(_before public.response, _after public.response, _now timestamptz) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _had_words boolean := _before.body is not null or _before.fields is not null;
    _has_words boolean := _after.body is not null or _after.fields is not null;
    _project_id uuid;
begin
    if _has_words and not _had_words then
        -- Its response may be older than those that fn.gather_messages looks at.
        insert into public.message_state (account_id, response_id, project_id, widget_id, moved_at)
        select w.account_id, _after.id, w.project_id, w.id, _now
        from public.widget as w
        where w.account_id = _after.account_id and w.id = _after.widget_id
        on conflict (account_id, response_id) do nothing;
        perform fn.notify_messages(
            array[_after.account_id], array[_after.widget_id], array[_after.body], array[_after.fields::text]
        );
    elsif _had_words and not _has_words then
        -- In the other folders it stays where somebody put it, should it be given again.
        delete from public.message_state as m
        where m.account_id = _after.account_id and m.response_id = _after.id and m.folder = 'inbox';
    end if;
    -- A response of test mode has no day on which it counts.
    if _has_words and _after.counted_on is not null then
        select w.project_id into _project_id from public.widget as w
        where w.account_id = _after.account_id and w.id = _after.widget_id;
        perform fn.emit(
            _after.account_id, _project_id, case when _had_words then 'message.updated' else 'message.created' end,
            jsonb_build_object('responseId', _after.id), _now
        );
    end if;
end;
$$;

comment on function fn.grow_message is
'What fn.grow_response does with the message of a response that it has changed: it comes to the inbox or leaves it, and listeners
and destinations learn of it.';
