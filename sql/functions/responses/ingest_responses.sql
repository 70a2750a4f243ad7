-- Called by ingest as installation.
create function fn.ingest_responses(
    _account_ids uuid[],
    _widget_ids uuid[],
    _keys text[],
    _ids uuid[],
    _created_ms bigint[],
    _days date[],
    _option_nos smallint[],
    _bodies text[],
    _fields text[],
    _contexts text[],
    _visitors bytea[],
    _dedup_keys bytea[],
    _dedup_ms bigint[],
    _addresses bytea[],
    _pages_limit integer,
    _address_limit integer,
    _again boolean default false,
    _networks bytea[] default null
) returns table (n integer, response_id uuid, outcome text)
language plpgsql volatile
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
declare
    _count integer := cardinality(_ids);
    _now timestamptz := now();
    _is_gone boolean;
    _merged_ids uuid[];
    _placement_ids uuid[];
    _duplicate_keys bytea[];
    _duplicate_ids uuid[];
    _refused_ids uuid[];
    _skipped_ids uuid[] := array[]::uuid[];
    _over_ns integer[];
    _update_ns integer[];
    _update_ids uuid[];
    _over_outcomes text[];
    _is_plain boolean := true;
begin
    -- 1. Look up the placement of each response; create missing ones first.
    for _try in 1..2 loop
        _placement_ids := array(
            select (
                select c.id
                from public.placement as c
                where c.account_id = _account_ids[n] and c.widget_id = _widget_ids[n] and c.key = _keys[n]
                    and c.archived_at is null
            )
            from generate_series(1, _count) as n
        );
        if _try = 1 and _networks is not null and (
            _bodies is not null or _fields is not null or array_position(_placement_ids, null) is not null
        ) then
            select array_agg(d.n), array_agg(d.outcome) into _over_ns, _over_outcomes
            from fn.take_network_day(
                _account_ids, _widget_ids, _keys, _placement_ids, _networks, _bodies, _fields
            ) as d;
        end if;
        exit when array_position(_placement_ids, null) is null;
        _is_plain := _try = 1;
        exit when _try = 2;
        perform fn.create_placements(
            array_agg(_account_ids[n]), array_agg(_widget_ids[n]), array_agg(_keys[n]), _pages_limit
        )
        from generate_series(1, _count) as n
        where _over_ns is null or n <> all (_over_ns);
    end loop;
    if _over_ns is not null then
        _is_plain := false;
        _placement_ids := array(
            select case when n <> all (_over_ns) then _placement_ids[n] end from generate_series(1, _count) as n
        );
    end if;
    -- Nobody deletes them before this commits. One that was deleted meanwhile has its key looked up again by the next try:
    -- here its widget can no longer be locked, because widgets come before placements.
    with placement as (
        select min(n) as n, id from unnest(_placement_ids) with ordinality as p (id, n) where id is not null group by id
    ), locked as (
        select c.id, c.alias_version from public.placement as c
        join placement as p on c.account_id = _account_ids[p.n] and c.id = p.id
        order by c.account_id, c.id
        for key share of c
    )
    select (select count(*) from locked) < (select count(*) from placement),
        (select array_agg(l.id) from locked as l where l.alias_version is not null)
    into _is_gone, _merged_ids;
    if _is_gone then
        raise exception 'A placement was deleted meanwhile.' using errcode = 'serialization_failure';
    end if;

    if _merged_ids is not null then
        -- Of a page with aliases: fn.ingest_merged_response takes it, with the visitor's keys at all of its addresses.
        _is_plain := false;
        select _over_ns || array_agg(n), _over_outcomes || array_agg('moved'::text) into _over_ns, _over_outcomes
        from generate_series(1, _count) as n
        where _placement_ids[n] = any (_merged_ids);
        _placement_ids := array(
            select case when _placement_ids[n] <> all (_merged_ids) then _placement_ids[n] end
            from generate_series(1, _count) as n
        );
    end if;

    -- 2. Deduplicate by visit. A visit that has not expired keeps its response, an expired one is reused.
    if _dedup_keys is not null then
        with visited as (
            insert into public.visit as v (account_id, dedup_key, placement_id, response_id, expires_at)
            select _account_ids[n], _dedup_keys[n], _placement_ids[n], _ids[n],
                coalesce(to_timestamp(_dedup_ms[n] / float8 '1000'), timestamptz 'infinity')
            from generate_series(1, _count) as n
            where _dedup_keys[n] is not null and _placement_ids[n] is not null
            order by 1, 2
            on conflict (account_id, dedup_key) do update set
                response_id = case when v.expires_at > _now then v.response_id else excluded.response_id end,
                expires_at = case when v.expires_at > _now then v.expires_at else excluded.expires_at end
            returning dedup_key, response_id
        )
        select array_agg(dedup_key), array_agg(response_id) into _duplicate_keys, _duplicate_ids
        from visited
        where response_id <> all (_ids);
    end if;
    if _duplicate_ids is not null then
        _is_plain := false;
        select array_agg(id) into _skipped_ids
        from unnest(_ids, _dedup_keys) as i (id, dedup_key)
        where dedup_key = any (_duplicate_keys);
    end if;

    -- Of a batch that is sent again after a lost answer, only those are new that are missing.
    -- They may be stored here and not yet on a synchronous standby: a transaction that writes waits for it, so this one does.
    if _again then
        perform pg_current_xact_id();
        _skipped_ids := _skipped_ids || array(
            select f.id
            from public.response as f
            join unnest(_ids) with ordinality as i (id, n) on f.account_id = _account_ids[i.n] and f.id = i.id
        );
    end if;

    -- 3. Limit the visitors of one address per placement.
    if _address_limit is not null then
        _refused_ids := fn.refuse_visits(
            _account_ids, _placement_ids, _dedup_keys, _ids, _skipped_ids, _addresses, _address_limit
        );
        if _refused_ids is not null then
            _is_plain := false;
            _skipped_ids := _skipped_ids || _refused_ids;
        end if;
    end if;

    -- 4. Store the new ones.
    insert into public.response (
        account_id, id, widget_id, placement_id, option_no, counted_on, created_at, visitor, dedup_key, body, fields,
        context
    )
    select
        _account_ids[n], _ids[n], _widget_ids[n], _placement_ids[n], _option_nos[n], _days[n],
        to_timestamp(_created_ms[n] / float8 '1000'), _visitors[n], _dedup_keys[n], _bodies[n], _fields[n]::jsonb,
        _contexts[n]::jsonb
    from generate_series(1, _count) as n
    where _placement_ids[n] is not null and _ids[n] <> all (_skipped_ids);
    if _bodies is not null or _fields is not null then
        perform fn.notify_messages(_account_ids, _widget_ids, _bodies, _fields);
        perform fn.gather_late_messages(_account_ids, _ids, _created_ms);
    end if;
    perform fn.emit_responses(
        _account_ids, _widget_ids, _placement_ids, _ids, _skipped_ids, _created_ms, _bodies, _fields
    );
    if _is_plain and not _again then
        perform fn.add_tallies(
            _account_ids, _placement_ids, _option_nos, _days, array_fill(1, array[_count]),
            fn.are_recent(_created_ms)
        );
        return;
    end if;

    -- 5. Count them and update earlier votes to their last value, in one call; see fn.update_responses.
    select array_agg(i.n), array_agg(f.id) into _update_ns, _update_ids
    from unnest(_dedup_keys) with ordinality as i (dedup_key, n)
    join unnest(_duplicate_keys, _duplicate_ids) as f (dedup_key, id) on f.dedup_key = i.dedup_key
    -- A text that is sent again is the same, and may have been edited since: it updates nothing.
    where _bodies[i.n] is null and _fields[i.n] is null and not exists (
        select 1 from public.widget as s
        where s.account_id = _account_ids[i.n] and s.id = _widget_ids[i.n] and s.type = 'tagged'
    );
    perform fn.update_responses(
        c.account_ids, _update_ids, c.option_nos, null, null, to_timestamp(c.ms / float8 '1000'),
        n.account_ids, n.placement_ids, n.option_nos, n.days
    )
    from (
        select
            array_agg(_account_ids[n] order by at) as account_ids, array_agg(_option_nos[n] order by at) as option_nos,
            max(_created_ms[n]) as ms
        from unnest(_update_ns) with ordinality as u (n, at)
    ) as c,
    (
        select
            array_agg(_account_ids[n]) as account_ids, array_agg(_placement_ids[n]) as placement_ids,
            array_agg(_option_nos[n]) as option_nos, array_agg(_days[n]) as days
        from generate_series(1, _count) as n
        where _placement_ids[n] is not null and _ids[n] <> all (_skipped_ids)
    ) as n;

    return query
    -- A visit outlives its response, which retention deletes.
    select i.n::integer, coalesce(nullif(f.id, '00000000-0000-0000-0000-000000000000'), i.id), case
        when o.outcome is not null then o.outcome
        when f.id is not null then 'duplicate'
        when i.placement_id is not null then 'address_limit'
        when exists (
            select 1 from public.placement as c
            where c.account_id = _account_ids[i.n] and c.widget_id = i.widget_id and c.key = i.key
        ) or exists (
            select 1 from public.page as p
            join public.widget as w on w.account_id = p.account_id and w.project_id = p.project_id
            where p.account_id = _account_ids[i.n] and w.id = i.widget_id and p.key = i.key and p.archived_at is not null
        ) then 'archived'
        when exists (
            select 1 from public.widget as s where s.account_id = _account_ids[i.n] and s.id = i.widget_id
        ) then 'pages_limit'
        else 'unknown_widget'
    end
    from unnest(_ids, _dedup_keys, _placement_ids, _widget_ids, _keys) with ordinality
        as i (id, dedup_key, placement_id, widget_id, key, n)
    left join unnest(_duplicate_keys, _duplicate_ids) as f (dedup_key, id) on f.dedup_key = i.dedup_key
    left join unnest(_over_ns, _over_outcomes) as o (n, outcome) on o.n = i.n
    where f.id is not null or i.placement_id is null or i.id = any (_refused_ids);
end;
$$;

comment on function fn.ingest_responses is
'Stores and counts a batch of responses, in arrays of equal length (or null, for nothing but nulls). Times are milliseconds
since 1970; _days are the days in the projects'' zones on which they count (fn.ingest_widget). A deduplication key may occur
once in a batch. Returns a row, by position from 1, for each response that was not simply counted: duplicate, with the id of the
visitor''s earlier response if there still is one, or refused as unknown_widget, archived, pages_limit, address_limit (a null limit is
none), network_pages or network_messages (a null network has no limit), or moved, for fn.ingest_merged_response. Called again with the same ids and _again, it stores only what is
missing. Takes locks in one order: networks, widgets, pages, placements, visits, addresses, responses, tallies, each by key.
serialization_failure where a placement was deleted meanwhile: call it again.';
