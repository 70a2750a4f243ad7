create function fn.delivery_payload(_delivery public.delivery, _now timestamptz) returns jsonb
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
    _hidden_from timestamptz := fn.hidden_from(_delivery.account_id, _now);
    _event public.event;
    _data jsonb;
    _events jsonb[] := '{}';
begin
    for _event in
        select * from public.event as e
        where e.account_id = _delivery.account_id and e.id = any (_delivery.event_ids)
        order by e.created_at, e.id
    loop
        _data := fn.event_data(_event, _hidden_from);
        continue when _data is null;
        _events := array_append(_events, jsonb_build_object(
            'type', _event.type, 'id', 'evt_' || replace(_event.id::text, '-', ''),
            'timestamp', fn.event_time(_event.created_at), 'data', _data
        ));
    end loop;
    if _events = '{}' then
        return null;
    end if;
    if not _delivery.is_digest then
        return _events[1];
    end if;
    return jsonb_build_object(
        'type', 'digest', 'id', 'dig_' || replace(_delivery.id::text, '-', ''),
        'timestamp', fn.event_time(_delivery.next_at),
        'data', fn.digest_data(_events)
    );
end;
$$;

comment on function fn.delivery_payload is
'What a delivery sends, from the rows as they are now: an event, or a digest by page. Null if everything that it is about was deleted.';
