-- Called by ingest as installation.
create function fn.ingest_feelbacks(
    _account_ids uuid[],
    _content_set_ids uuid[],
    _keys text[],
    _ids uuid[],
    _created_ms bigint[],
    _days date[],
    _option_nos smallint[],
    _bodies text[],
    _fields text[],
    _contexts text[],
    _visitors bytea[],
    _fold_keys bytea[],
    _fold_ms bigint[],
    _addresses bytea[],
    _contents_limit integer,
    _address_limit integer,
    _again boolean default false
) returns table (n integer, feelback_id uuid, outcome text)
language plpgsql volatile
set search_path = ''
set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
declare
    _count integer := cardinality(_ids);
    _content_ids uuid[];
    _folded_keys bytea[];
    _folded_ids uuid[];
    _refused_ids uuid[];
    _skipped_ids uuid[] := array[]::uuid[];
    _is_plain boolean := true;
begin
    -- 1. Which content each signal is about; one that is missing is made first.
    for _try in 1..2 loop
        _content_ids := array(
            select (
                select c.id
                from public.content as c
                where c.account_id = _account_ids[n] and c.content_set_id = _content_set_ids[n] and c.key = _keys[n]
                    and c.archived_at is null
            )
            from generate_series(1, _count) as n
        );
        exit when array_position(_content_ids, null) is null;
        _is_plain := _try = 1;
        exit when _try = 2;
        perform fn.create_contents(_account_ids, _content_set_ids, _keys, _contents_limit);
    end loop;

    -- 2. Who has signalled there already. A visit that lasts keeps its signal, one that is over is taken over.
    if _fold_keys is not null then
        with visited as (
            insert into public.visit as v (account_id, fold_key, content_id, feelback_id, address, expires_at)
            select _account_ids[n], _fold_keys[n], _content_ids[n], _ids[n], _addresses[n],
                coalesce(to_timestamp(_fold_ms[n] / float8 '1000'), timestamptz 'infinity')
            from generate_series(1, _count) as n
            where _fold_keys[n] is not null and _content_ids[n] is not null
            order by 1, 2
            on conflict (account_id, fold_key) do update set
                feelback_id = case when v.expires_at > now() then v.feelback_id else excluded.feelback_id end,
                expires_at = case when v.expires_at > now() then v.expires_at else excluded.expires_at end
            returning fold_key, feelback_id
        )
        select array_agg(fold_key), array_agg(feelback_id) into _folded_keys, _folded_ids
        from visited
        where feelback_id <> all (_ids);
    end if;
    if _folded_ids is not null then
        _is_plain := false;
        select array_agg(id) into _skipped_ids
        from unnest(_ids, _fold_keys) as i (id, fold_key)
        where fold_key = any (_folded_keys);
    end if;

    -- Of a batch that is sent again after a lost answer, only those are new that are missing.
    -- They may be stored here and not yet on a synchronous standby: a transaction that writes waits for it, so this one does.
    if _again then
        perform pg_current_xact_id();
        _skipped_ids := _skipped_ids || array(
            select f.id
            from public.feelback as f
            join unnest(_account_ids, _ids) as i (account_id, id) on f.account_id = i.account_id and f.id = i.id
        );
    end if;

    -- 3. How many visitors of one address a content counts.
    if _address_limit is not null then
        _refused_ids := fn.refuse_visits(
            _account_ids, _content_ids, _fold_keys, _ids, _skipped_ids, _addresses, _address_limit
        );
        if _refused_ids is not null then
            _is_plain := false;
            _skipped_ids := _skipped_ids || _refused_ids;
        end if;
    end if;

    -- 4. The new ones are stored.
    insert into public.feelback (
        account_id, id, content_set_id, content_id, option_no, counted_on, created_at, visitor, fold_key, body, fields,
        context
    )
    select
        _account_ids[n], _ids[n], _content_set_ids[n], _content_ids[n], _option_nos[n], _days[n],
        to_timestamp(_created_ms[n] / float8 '1000'), _visitors[n], _fold_keys[n], _bodies[n], _fields[n]::jsonb,
        _contexts[n]::jsonb
    from generate_series(1, _count) as n
    where _content_ids[n] is not null and _ids[n] <> all (_skipped_ids);
    if _bodies is not null or _fields is not null then
        perform fn.notify_messages(_account_ids, _content_set_ids, _bodies, _fields);
    end if;
    if _is_plain and not _again then
        perform fn.add_tallies(
            _account_ids, _content_ids, _option_nos, _days, array_fill(1, array[_count]), true
        );
        return;
    end if;

    -- 5. They are counted, and of votes that were there already the last value wins; in one go, see fn.change_feelbacks.
    perform fn.change_feelbacks(
        c.account_ids, c.ids, c.option_nos, c.bodies, c.fields, to_timestamp(c.ms / float8 '1000'),
        n.account_ids, n.content_ids, n.option_nos, n.days
    )
    from (
        select
            array_agg(i.account_id) as account_ids, array_agg(f.id) as ids, array_agg(i.option_no) as option_nos,
            array_agg(i.body) as bodies, array_agg(i.fields) as fields, max(i.created_ms) as ms
        from unnest(_account_ids, _content_set_ids, _fold_keys, _option_nos, _bodies, _fields, _created_ms)
            as i (account_id, content_set_id, fold_key, option_no, body, fields, created_ms)
        join unnest(_folded_keys, _folded_ids) as f (fold_key, id) on f.fold_key = i.fold_key
        -- What was written folds where it is the same: sent again it has nothing new, and may have been edited since.
        where i.body is null and i.fields is null and not exists (
            select from public.content_set as s
            where s.account_id = i.account_id and s.id = i.content_set_id and s.type = 'tagged'
        )
    ) as c,
    (
        select
            array_agg(account_id) as account_ids, array_agg(content_id) as content_ids,
            array_agg(option_no) as option_nos, array_agg(day) as days
        from unnest(_account_ids, _content_ids, _option_nos, _days, _ids)
            as i (account_id, content_id, option_no, day, id)
        where content_id is not null and id <> all (_skipped_ids)
    ) as n;

    return query
    select i.n::integer, coalesce(f.id, i.id), case
        when f.id is not null then 'folded'
        when i.content_id is not null then 'address_limit'
        when exists (
            select from public.content as c
            where c.account_id = i.account_id and c.content_set_id = i.content_set_id and c.key = i.key
        ) then 'archived'
        when exists (
            select from public.content_set as s where s.account_id = i.account_id and s.id = i.content_set_id
        ) then 'contents_limit'
        else 'unknown_set'
    end
    from unnest(_ids, _fold_keys, _content_ids, _account_ids, _content_set_ids, _keys) with ordinality
        as i (id, fold_key, content_id, account_id, content_set_id, key, n)
    left join unnest(_folded_keys, _folded_ids) as f (fold_key, id) on f.fold_key = i.fold_key
    where f.id is not null or i.content_id is null or i.id = any (_refused_ids);
end;
$$;

comment on function fn.ingest_feelbacks is
'Stores and counts a batch of signals, given as equally long arrays, in one go; an array of nothing but nulls may be null.
Times are milliseconds since 1970,
_days the days of the projects'' zones on which they count (fn.ingest_set). Within
a batch each fold key stands once. Returns, by place from 1, only those that were not simply counted: folded (into the
signal that the visitor had sent already, whose id it gives), or refused as unknown_set, archived, contents_limit or
address_limit
(a null limit refuses nothing). Sent again with the same ids and _again, it stores what is missing and changes nothing
else. Locks are taken in one order everywhere: sets, visits, addresses, feelbacks, tallies, each by key.';
