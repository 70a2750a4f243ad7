create function fn.emit_responses(
    _account_ids uuid[], _widget_ids uuid[], _placement_ids uuid[], _ids uuid[], _skipped_ids uuid[], _created_ms bigint[],
    _bodies text[], _fields text[]
) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
as $$
declare
    _late_ms bigint := fn.late_vote_ms(now());
    _has_words boolean := _bodies is not null or _fields is not null;
    _is_late boolean := false;
    _ms bigint;
begin
    foreach _ms in array _created_ms loop
        _is_late := _is_late or _ms < _late_ms;
    end loop;
    -- Votes in time cost nothing here: fn.emit_votes reads them when their minute is over.
    if not (_has_words or _is_late) or not exists (
        select 1 from public.destination as d where d.account_id = any (_account_ids) and d.disabled_at is null
    ) then
        return;
    end if;
    if _is_late then
        insert into public.late_response (account_id, response_id)
        select _account_ids[i.n], i.id
        from unnest(_placement_ids, _ids, _created_ms) with ordinality as i (placement_id, id, ms, n)
        where i.ms < _late_ms and i.placement_id is not null and i.id <> all (_skipped_ids)
        on conflict do nothing;
    end if;
    if not _has_words then
        return;
    end if;
    insert into public.event_response (account_id, id, project_id, due_at, response_ids)
    select w.account_id, fn.uuid_v7(now()), w.project_id, now(), array_agg(i.id)
    from unnest(_widget_ids, _placement_ids, _ids, _bodies, _fields) with ordinality
        as i (widget_id, placement_id, id, body, fields, n)
    join public.widget as w on w.account_id = _account_ids[i.n] and w.id = i.widget_id
    where i.placement_id is not null and i.id <> all (_skipped_ids) and (i.body is not null or i.fields is not null)
        and exists (
            select 1 from public.destination as d
            where d.account_id = w.account_id and d.project_id = w.project_id and d.disabled_at is null
                and 'message.created' = any (d.events)
        )
    group by w.account_id, w.project_id;
    if found then
        perform pg_notify('event', '');
    end if;
end;
$$;

comment on function fn.emit_responses is
'Writes which messages were just stored, where a destination takes their events, one row a project; fn.close_event_responses makes events
of them. Votes are written only if they are late. Part of fn.ingest_responses.';
