create function fn.move_responses(_merge public.page_merge, _limit integer) returns boolean
language plpgsql volatile
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
declare
    _account_id uuid := _merge.account_id;
    _ids uuid[];
    _scanned integer;
    _last_id uuid;
    _old_ids uuid[];
    _counting_ids uuid[];
    -- Widgets whose every response counts. A vote may have words, too: those of its follow-up.
    _text_ids uuid[] := array(
        select w.id from public.widget as w
        join fn.widget_type as t on t.name = w.type and t.has_text
        where w.account_id = _account_id and w.project_id = _merge.project_id
    );
    _moved bigint;
    _old_placement_ids uuid[];
    _old_options smallint[];
    _old_days date[];
    _old_reasons text[];
    _source_ids uuid[];
    _placement_ids uuid[];
    _options smallint[];
    _days date[];
    _reasons text[];
begin
    with batch as (
        select f.id, f.placement_id from public.response as f
        where f.account_id = _account_id and f.id > _merge.after_id
        order by f.id
        limit _limit
    )
    select count(*), (array_agg(b.id order by b.id desc))[1],
        array_agg(b.id) filter (where c.page_id in (_merge.source_id, _merge.target_id))
    into _scanned, _last_id, _ids
    from batch as b
    left join public.placement as c on c.account_id = _account_id and c.id = b.placement_id;
    -- In the order of ingestion: visits, then responses, each by key.
    perform from public.visit as v
    where v.account_id = _account_id and v.dedup_key in (
        select f.dedup_key from public.response as f where f.account_id = _account_id and f.id = any (_ids)
    )
    order by v.dedup_key
    for update;
    perform from public.response as f where f.account_id = _account_id and f.id = any (_ids) order by f.id for update;

    -- The newest response of each visitor counts; ids are in the order of time.
    with newest as (
        select f.widget_id, f.visitor, f.counted_on is null as is_test, array_agg(f.id order by f.id desc) as ids
        from public.response as f
        where f.account_id = _account_id and f.id = any (_ids) and f.visitor is not null and f.dedup_key is not null
            and f.fields is null and f.widget_id <> all (_text_ids)
        group by f.widget_id, f.visitor, f.counted_on is null
    ), known as (
        select n.*, v.response_id as old_id
        from newest as n
        left join public.merge_visitor as v
            on v.account_id = _account_id and v.merge_id = _merge.id and v.widget_id = n.widget_id
            and v.visitor = n.visitor and v.is_test = n.is_test
    ), stored as (
        insert into public.merge_visitor as v (account_id, merge_id, widget_id, visitor, is_test, response_id)
        select _account_id, _merge.id, k.widget_id, k.visitor, k.is_test, k.ids[1] from known as k
        on conflict (account_id, merge_id, widget_id, visitor, is_test) do update set response_id = excluded.response_id
    )
    select array_agg(o.id), array_agg(k.ids[1]) into _old_ids, _counting_ids
    from known as k
    cross join lateral unnest(k.ids[2:] || k.old_id) as o (id)
    where o.id is not null;

    select array_agg(h.placement_id), array_agg(h.option_no), array_agg(h.counted_on), array_agg(h.reasons)
    into _old_placement_ids, _old_options, _old_days, _old_reasons
    from fn.hold_responses(_merge, _old_ids, _counting_ids) as h;
    with moved as (
        update public.response as f
        set placement_id = c.target_id
        from public.placement as c
        where f.account_id = _account_id and f.id = any (_ids) and f.id <> all (coalesce(_old_ids, '{}'))
            and c.account_id = _account_id and c.id = f.placement_id and c.page_id = _merge.source_id
        returning f.id, c.id as source_id, f.placement_id, f.option_no, f.counted_on, f.reason_nos
    ), origin as (
        insert into public.merge_response (account_id, response_id, merge_id, placement_id, expires_at)
        select _account_id, m.id, _merge.id, m.source_id, _merge.undo_until from moved as m
        on conflict (account_id, response_id) do nothing
    )
    select count(*), array_agg(m.source_id), array_agg(m.placement_id), array_agg(m.option_no), array_agg(m.counted_on),
        array_agg(m.reason_nos::text)
    into _moved, _source_ids, _placement_ids, _options, _days, _reasons
    from moved as m;
    -- Only then, since Citus runs each statement on the account's node, and what it calls as well.
    perform fn.add_response_tallies(
        array_agg(_account_id), array_agg(d.placement_id), array_agg(d.option_no), array_agg(d.counted_on), array_agg(d.n),
        array_agg(d.reasons)
    )
    from (
        select o.placement_id, o.option_no, o.counted_on, -1 as n, o.reasons
        from unnest(_old_placement_ids, _old_options, _old_days, _old_reasons)
            as o (placement_id, option_no, counted_on, reasons)
        union all
        select m.placement_id, m.option_no, m.counted_on, s.n, m.reasons
        from (values (-1, _source_ids), (1, _placement_ids)) as s (n, placement_ids)
        cross join lateral unnest(s.placement_ids, _options, _days, _reasons) as m (placement_id, option_no, counted_on, reasons)
    ) as d
    where d.counted_on is not null
    having count(*) > 0;
    update public.page_merge as m
    set after_id = coalesce(_last_id, m.after_id), moved = m.moved + coalesce(_moved, 0),
        holds = m.holds + coalesce(cardinality(_old_ids), 0)
    where m.account_id = _account_id and m.id = _merge.id;
    if _limit is not null and _scanned >= _limit then
        return false;
    end if;
    perform fn.move_tallies(_merge);
    perform fn.move_reason_tallies(_merge);
    delete from public.merge_visitor as v where v.account_id = _account_id and v.merge_id = _merge.id;
    return true;
end;
$$;

comment on function fn.move_responses is
'Moves the source''s responses among the account''s next _limit (null: all) to the target, and holds each visitor''s older one.
Whether that was all.';
