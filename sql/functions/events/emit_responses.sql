create function fn.emit_responses(
    _account_ids uuid[], _widget_ids uuid[], _placement_ids uuid[], _ids uuid[], _skipped_ids uuid[], _option_nos smallint[],
    _bodies text[], _fields text[]
) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _messages bigint;
begin
    if not exists (
        select from public.destination as d where d.account_id = any (_account_ids) and d.disabled_at is null
    ) then
        return;
    end if;
    with stored as (
        select i.account_id, i.placement_id, i.id, i.option_no, w.project_id, i.body is not null or i.fields is not null as has_words
        from unnest(_account_ids, _widget_ids, _placement_ids, _ids, _option_nos, _bodies, _fields)
            as i (account_id, widget_id, placement_id, id, option_no, body, fields)
        join public.widget as w on w.account_id = i.account_id and w.id = i.widget_id
        where i.placement_id is not null and i.id <> all (_skipped_ids)
    ), wish as materialized (
        select p.account_id, p.project_id, fn.wants_event(p.account_id, p.project_id, 'message.created') as has_messages,
            fn.wants_event(p.account_id, p.project_id, 'response.created') as has_votes
        from (select distinct s.account_id, s.project_id from stored as s) as p
    ), messages as (
        insert into public.event (account_id, id, project_id, type, response_id, created_at)
        select s.account_id, fn.uuid_v7(now()), s.project_id, 'message.created', s.id, now()
        from stored as s
        join wish as w using (account_id, project_id)
        where s.has_words and w.has_messages
        returning 1
    ), votes as (
        insert into public.event_vote (account_id, id, project_id, minute, placement_ids, option_nos, counts)
        select v.account_id, fn.uuid_v7(now()), v.project_id, date_trunc('minute', now()), array_agg(v.placement_id),
            array_agg(v.option_no), array_agg(v.count)
        from (
            select s.account_id, s.project_id, s.placement_id, s.option_no, count(*) as count
            from stored as s
            join wish as w using (account_id, project_id)
            where not s.has_words and w.has_votes
            group by s.account_id, s.project_id, s.placement_id, s.option_no
        ) as v
        group by v.account_id, v.project_id
    )
    select count(*) into _messages from messages;
    -- Votes wait for the end of the minute. They notify nobody, because transactions that notify commit one after the other.
    if _messages > 0 then
        perform pg_notify('event', '');
    end if;
end;
$$;

comment on function fn.emit_responses is
'Writes the events of responses that were just stored, where a destination takes them: one of each message, and one row of all votes of
a project in this transaction, of which fn.close_event_votes makes events. Part of fn.ingest_responses.';
