create function fn.notify_messages(
    _account_ids uuid[], _widget_ids uuid[], _bodies text[], _fields text[]
) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    perform pg_notify('message', s.project_id::text)
    from (
        select distinct s.project_id
        from unnest(_account_ids, _widget_ids, _bodies, _fields) as i (account_id, widget_id, body, fields)
        join public.widget as s on s.account_id = i.account_id and s.id = i.widget_id
        where i.body is not null or i.fields is not null
    ) as s;
end;
$$;

comment on function fn.notify_messages is
'Notifies open inboxes of new messages on commit, once per project, by its id. Part of fn.ingest_responses.';
