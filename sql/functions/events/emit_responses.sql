create function fn.emit_responses(
    _account_ids uuid[], _widget_ids uuid[], _placement_ids uuid[], _ids uuid[], _skipped_ids uuid[], _option_nos smallint[],
    _bodies text[], _fields text[]
) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
as $$
declare
    _has_words boolean := _bodies is not null or _fields is not null;
    _is_whole boolean := not _has_words and cardinality(_skipped_ids) = 0 and array_position(_placement_ids, null) is null
        and _widget_ids[1] = all (_widget_ids);
    _project record;
    _response_ids uuid[];
begin
    if not exists (
        select from public.destination as d where d.account_id = any (_account_ids) and d.disabled_at is null
    ) then
        return;
    end if;
    for _project in
        select w.account_id, w.project_id, array_agg(w.id) as widget_ids, d.takes_messages, d.takes_votes
        from public.widget as w
        cross join lateral (
            select bool_or('message.created' = any (d.events)) as takes_messages,
                bool_or('response.created' = any (d.events)) as takes_votes
            from public.destination as d
            where d.account_id = w.account_id and d.project_id = w.project_id and d.disabled_at is null
        ) as d
        where w.account_id = any (_account_ids) and w.id = any (_widget_ids)
            and (d.takes_votes or d.takes_messages and _has_words)
        group by w.account_id, w.project_id, d.takes_messages, d.takes_votes
    loop
        if _project.takes_messages and _has_words then
            _response_ids := array(
                select i.id
                from unnest(_widget_ids, _placement_ids, _ids, _bodies, _fields)
                    as i (widget_id, placement_id, id, body, fields)
                where i.widget_id = any (_project.widget_ids) and i.placement_id is not null
                    and i.id <> all (_skipped_ids) and (i.body is not null or i.fields is not null)
            );
            if _response_ids <> '{}' then
                insert into public.event_response (account_id, id, project_id, due_at, response_ids)
                values (_project.account_id, gen_random_uuid(), _project.project_id, now(), _response_ids);
                perform pg_notify('event', '');
            end if;
        end if;
        continue when not _project.takes_votes;
        -- Votes wait for the end of the minute. They notify nobody, because transactions that notify commit one after the
        -- other.
        if _is_whole then
            insert into public.event_response (account_id, id, project_id, due_at, placement_ids, option_nos)
            values (
                _project.account_id, gen_random_uuid(), _project.project_id,
                date_trunc('minute', now()) + interval '1 minute', _placement_ids, _option_nos
            );
        else
            insert into public.event_response (account_id, id, project_id, due_at, placement_ids, option_nos)
            select _project.account_id, gen_random_uuid(), _project.project_id,
                date_trunc('minute', now()) + interval '1 minute', array_agg(i.placement_id), array_agg(i.option_no)
            from unnest(_widget_ids, _placement_ids, _ids, _option_nos, _bodies, _fields)
                as i (widget_id, placement_id, id, option_no, body, fields)
            where i.widget_id = any (_project.widget_ids) and i.placement_id is not null
                and i.id <> all (_skipped_ids) and i.body is null and i.fields is null
            having count(*) > 0;
        end if;
    end loop;
end;
$$;

comment on function fn.emit_responses is
'Writes which responses were just stored, where a destination takes their events: one row of the messages of a project in this
transaction, and one of its votes. fn.close_event_responses makes events of them. Part of fn.ingest_responses.';
