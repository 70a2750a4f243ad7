-- Called by ingest as installation.
create function fn.notify_messages(
    _account_ids uuid[], _widget_ids uuid[], _bodies text[], _fields text[]
) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _project_ids uuid[] := array(
        select distinct w.project_id
        from unnest(_widget_ids, _bodies, _fields) with ordinality as i (widget_id, body, fields, n)
        join public.widget as w on w.account_id = _account_ids[i.n] and w.id = i.widget_id
        where i.body is not null or i.fields is not null
    );
begin
    perform pg_notify('message', p.id::text) from unnest(_project_ids) as p (id);
end;
$$;

comment on function fn.notify_messages is
'Notifies open inboxes of new messages on commit, once per project, by its id. Part of fn.ingest_responses; see fn.ingest_account_responses.';
