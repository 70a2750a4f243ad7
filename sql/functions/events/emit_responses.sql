create function fn.emit_responses(
    _account_ids uuid[], _widget_ids uuid[], _placement_ids uuid[], _ids uuid[], _skipped_ids uuid[], _option_nos smallint[],
    _bodies text[], _fields text[]
) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
as $$
declare
    _project record;
    _response_ids uuid[];
begin
    if not exists (
        select from public.destination as d where d.account_id = any (_account_ids) and d.disabled_at is null
    ) then
        return;
    end if;
    for _project in
        select w.account_id, w.project_id, array_agg(distinct w.id) as widget_ids,
            bool_or('message.created' = any (d.events)) as takes_messages,
            bool_or('response.created' = any (d.events)) as takes_votes
        from (
            select distinct i.account_id, i.widget_id from unnest(_account_ids, _widget_ids) as i (account_id, widget_id)
        ) as i
        join public.widget as w on w.account_id = i.account_id and w.id = i.widget_id
        join public.destination as d on d.account_id = w.account_id and d.project_id = w.project_id and d.disabled_at is null
        group by w.account_id, w.project_id
        order by w.account_id, w.project_id
    loop
        if _project.takes_messages and (_bodies is not null or _fields is not null) then
            _response_ids := array(
                select i.id
                from unnest(_widget_ids, _placement_ids, _ids, _bodies, _fields)
                    as i (widget_id, placement_id, id, body, fields)
                where i.widget_id = any (_project.widget_ids) and i.placement_id is not null
                    and i.id <> all (_skipped_ids) and (i.body is not null or i.fields is not null)
            );
            if _response_ids <> '{}' then
                insert into public.event_response (account_id, id, project_id, due_at, response_ids)
                values (_project.account_id, fn.uuid_v7(now()), _project.project_id, now(), _response_ids);
                perform pg_notify('event', '');
            end if;
        end if;
        -- Votes wait for the end of the minute. They notify nobody, because transactions that notify commit one after the
        -- other.
        if _project.takes_votes then
            insert into public.event_response (account_id, id, project_id, due_at, placement_ids, option_nos, counts)
            select _project.account_id, fn.uuid_v7(now()), _project.project_id,
                date_trunc('minute', now()) + interval '1 minute', array_agg(v.placement_id), array_agg(v.option_no),
                array_agg(v.count)
            from (
                select i.placement_id, i.option_no, count(*) as count
                from unnest(_widget_ids, _placement_ids, _ids, _option_nos, _bodies, _fields)
                    as i (widget_id, placement_id, id, option_no, body, fields)
                where i.widget_id = any (_project.widget_ids) and i.placement_id is not null
                    and i.id <> all (_skipped_ids) and i.body is null and i.fields is null
                group by i.placement_id, i.option_no
            ) as v
            having count(*) > 0;
        end if;
    end loop;
end;
$$;

comment on function fn.emit_responses is
'Writes which responses were just stored, where a destination takes their events: one row of the messages of a project in this
transaction, and one of its votes. fn.close_event_responses makes events of them. Part of fn.ingest_responses.';
