-- Called by ingest as installation.
create function fn.ingest_merged_response(
    _account_id uuid, _widget_id uuid, _key text, _id uuid, _created_ms bigint, _day date, _option_no smallint, _body text,
    _fields text, _context text, _visitor bytea, _dedup_key bytea, _dedup_ms bigint, _address bytea, _network bytea,
    _version uuid, _keys text[], _dedup_keys bytea[], _address_limit integer, _is_test boolean
) returns table (response_id uuid, outcome text)
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    _own public.placement;
    _target_id uuid;
    _is_archived boolean;
    _counting_id uuid;
    _over text;
begin
    select c.* into _own from public.placement as c
    where c.account_id = _account_id and c.widget_id = _widget_id and c.key = _key;
    _target_id := coalesce(_own.target_id, _own.id);
    -- Before any other lock: see fn.ingest_responses.
    select d.outcome into _over
    from fn.take_network_day(
        array[_account_id], array[_widget_id], array[_key], array[_target_id], array[_network], array[_body], array[_fields]
    ) as d;
    if _over is not null then
        return query select _id, _over;
        return;
    end if;
    -- Nobody merges, undoes or deletes before this commits.
    perform from public.placement as c
    where c.account_id = _account_id and c.id in (_own.id, _target_id)
    order by c.id
    for key share;
    select c.* into _own from public.placement as c where c.account_id = _account_id and c.id = _own.id;
    if _own.id is null or _own.alias_version is distinct from _version then
        return query select _id, 'moved';
        return;
    end if;
    select c.archived_at is not null into _is_archived
    from public.placement as c where c.account_id = _account_id and c.id = _target_id;
    if _is_archived then
        return query select _id, 'archived';
        return;
    end if;
    if _dedup_key is not null then
        _counting_id := fn.take_merged_visit(
            _account_id, _widget_id, _id, _own.id, _dedup_key, _keys, _dedup_keys,
            coalesce(to_timestamp(_dedup_ms / float8 '1000'), timestamptz 'infinity')
        );
        if _counting_id <> _id then
            -- As fn.ingest_responses does.
            if _body is null and _fields is null and not exists (
                select 1 from public.widget as s
                where s.account_id = _account_id and s.id = _widget_id and s.type = 'tagged'
            ) then
                perform fn.update_response(_account_id, _counting_id, _option_no, _body, _fields);
            end if;
            return query
            select coalesce(nullif(_counting_id, '00000000-0000-0000-0000-000000000000'), _id), 'duplicate';
            return;
        end if;
    end if;
    -- Sent again after a lost answer, it is there.
    if exists (select 1 from public.response as f where f.account_id = _account_id and f.id = _id) then
        perform pg_current_xact_id();  -- as fn.ingest_responses, for a synchronous standby
        return query select _id, case when _is_test then 'test' end where _is_test;
        return;
    end if;
    if _address_limit is not null and not _is_test and fn.refuse_visits(
        array[_account_id], array[_target_id], array[_dedup_key], array[_id], array[]::uuid[], array[_address], _address_limit
    ) is not null then
        perform fn.forget_merge_responses(_account_id, array[_id]);
        return query select _id, 'address_limit';
        return;
    end if;
    insert into public.response (
        account_id, id, widget_id, placement_id, option_no, counted_on, created_at, visitor, dedup_key, body, fields, context
    )
    values (
        _account_id, _id, _widget_id, _target_id, _option_no, case when not _is_test then _day end,
        to_timestamp(_created_ms / float8 '1000'), _visitor, _dedup_key, _body, _fields::jsonb, _context::jsonb
    );
    insert into public.merge_response (account_id, response_id, merge_id, placement_id, expires_at)
    select m.account_id, _id, m.id, _own.id, m.undo_until
    from public.page_merge as m
    where m.account_id = _account_id and m.source_id = _own.page_id and _own.target_id is not null
        and m.state in ('merging', 'merged') and m.undo_until > to_timestamp(_created_ms / float8 '1000');
    if _body is not null or _fields is not null then
        perform fn.notify_messages(array[_account_id], array[_widget_id], array[_body], array[_fields]);
        perform fn.gather_late_messages(array[_account_id], array[_id], array[_created_ms]);
    end if;
    if _is_test then
        return query select _id, 'test';
    else
        perform fn.emit_responses(
            array[_account_id], array[_widget_id], array[_target_id], array[_id], array[]::uuid[], array[_created_ms],
            array[_body], array[_fields]
        );
        perform fn.add_tallies(
            array[_account_id], array[_target_id], array[_option_no], array[_day], array[1],
            fn.are_recent(array[_created_ms])
        );
    end if;
end;
$$;

comment on function fn.ingest_merged_response is
'Stores and counts a response at an address of a page that has aliases, for its target. _keys and _dedup_keys are all addresses and
the visitor''s deduplication key at each; _version is theirs (fn.page_addresses). Returns no row where it was simply counted, else
its id and test, duplicate, archived, address_limit, network_messages, or moved where the addresses have changed.';
