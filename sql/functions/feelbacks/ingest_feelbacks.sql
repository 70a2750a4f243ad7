create function fn.ingest_feelbacks(
    _account_ids uuid[],
    _content_set_ids uuid[],
    _keys text[],
    _ids uuid[],
    _option_nos smallint[],
    _bodies text[],
    _fields text[],
    _contexts text[],
    _visitors bytea[],
    _fold_keys bytea[],
    _addresses bytea[],
    _expires_ats timestamptz[],
    _created_ats timestamptz[],
    _contents_limit integer,
    _address_limit integer
) returns table (feelback_id uuid, outcome text)
language plpgsql volatile
set search_path = ''
as $$
#variable_conflict use_column
declare
    _content_ids uuid[];
    _days date[];
    _kept uuid[];
    _last boolean[];
    _refused uuid[] := array[]::uuid[];
    _none text;
begin
    -- 1. Which content each signal is about; a content that is missing is made, and looked up again.
    for _try in 1..2 loop
        select array_agg(c.id order by i.n), array_agg((i.created_at at time zone p.time_zone)::date order by i.n)
        into _content_ids, _days
        from unnest(_account_ids, _content_set_ids, _keys, _created_ats) with ordinality
            as i (account_id, content_set_id, key, created_at, n)
        left join public.content_set as s on s.account_id = i.account_id and s.id = i.content_set_id
        left join public.project as p on p.account_id = s.account_id and p.id = s.project_id
        left join public.content as c
            on c.account_id = i.account_id and c.content_set_id = s.id and c.key = i.key;
        exit when _try = 2 or array_position(_content_ids, null) is null;
        perform fn.create_contents(_account_ids, _content_set_ids, _keys, _contents_limit);
    end loop;

    -- 2. Who has signalled there already: the visit's key decides, and the last of a batch speaks for all its equals.
    with i as (
        select *, fold_key is null
            or row_number() over (partition by account_id, content_id, fold_key order by n desc) = 1 as is_last
        from unnest(_account_ids, _content_ids, _fold_keys, _ids, _addresses, _expires_ats) with ordinality
            as i (account_id, content_id, fold_key, id, address, expires_at, n)
    ), visited as (
        insert into public.visit as v (account_id, content_id, fold_key, feelback_id, address, expires_at)
        select account_id, content_id, fold_key, id, address, expires_at
        from i
        where is_last and fold_key is not null and content_id is not null
        order by account_id, content_id, fold_key
        on conflict (account_id, content_id, fold_key) do update set
            feelback_id = case when v.expires_at > now() then v.feelback_id else excluded.feelback_id end,
            expires_at = case when v.expires_at > now() then v.expires_at else excluded.expires_at end
        returning account_id, content_id, fold_key, feelback_id
    )
    select array_agg(coalesce(v.feelback_id, i.id) order by i.n), array_agg(i.is_last order by i.n)
    into _kept, _last
    from i
    left join visited as v using (account_id, content_id, fold_key);

    -- 3. How many visitors of one address a content counts.
    if _address_limit is not null then
        _refused := fn.refuse_visits(
            _account_ids, _content_ids, _fold_keys, _ids, _kept, _addresses, _expires_ats, _address_limit
        );
    end if;

    -- 4. The new ones are stored and counted. A batch that is sent again after a lost answer finds its own rows.
    with inserted as (
        insert into public.feelback (
            account_id, id, content_set_id, content_id, option_no, counted_on, created_at, visitor, fold_key,
            body, fields, context
        )
        select
            account_id, id, content_set_id, content_id, option_no, day, created_at, visitor, fold_key,
            body, fields::jsonb, context::jsonb
        from unnest(
            _account_ids, _ids, _content_set_ids, _content_ids, _option_nos, _days, _created_ats, _visitors,
            _fold_keys, _bodies, _fields, _contexts, _kept, _last
        ) as i (
            account_id, id, content_set_id, content_id, option_no, day, created_at, visitor,
            fold_key, body, fields, context, kept, is_last
        )
        where is_last and kept = id and content_id is not null and id <> all (_refused)
        on conflict (account_id, id) do nothing
        returning account_id, content_id, option_no, counted_on
    )
    select fn.add_tallies(
        array_agg(account_id), array_agg(content_id), array_agg(option_no), array_agg(counted_on), array_agg(1)
    )
    into _none
    from inserted;

    -- 5. Of those that were there already the last value wins.
    if exists (select from unnest(_ids, _kept, _last) as i (id, kept, is_last) where is_last and kept <> id) then
        perform fn.change_feelbacks(
            array_agg(account_id), array_agg(kept), array_agg(option_no), array_agg(body), array_agg(fields),
            max(created_at)
        )
        from unnest(_account_ids, _kept, _ids, _option_nos, _bodies, _fields, _created_ats, _last)
            as i (account_id, kept, id, option_no, body, fields, created_at, is_last)
        where is_last and kept <> id;
    end if;

    return query
    select i.kept, case
        when i.day is null then 'unknown_set'
        when i.content_id is null then 'contents_limit'
        when i.kept = any (_refused) then 'address_limit'
        when i.kept = i.id then 'counted'
        else 'folded'
    end
    from unnest(_kept, _ids, _content_ids, _days) with ordinality as i (kept, id, content_id, day, n)
    order by i.n;
end;
$$;

comment on function fn.ingest_feelbacks is
'Stores and counts a batch of signals, given as equally long arrays, in one go. Returns, in the same order, the id under
which each is stored and its outcome: counted, folded (into the signal that its visitor had sent already), or refused as
unknown_set, contents_limit or address_limit (a null limit refuses nothing). Sent again with the same ids it changes
nothing. Locks are taken in one order everywhere: sets, visits, addresses, feelbacks, tallies, each by key.';
