create function fn.return_responses(_merge public.page_merge, _limit integer) returns boolean
language plpgsql volatile
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
declare
    _account_id uuid := _merge.account_id;
    _ids uuid[];
    _is_last boolean;
    _placement_ids uuid[];
    _days date[];
    _reasons text[];
    _counted_ids uuid[];
    _options smallint[];
    _counted_days date[];
    _counts integer[];
begin
    _ids := array(
        select m.response_id from public.merge_response as m
        where m.account_id = _account_id and m.merge_id = _merge.id
        order by m.response_id
        limit _limit
    );
    _is_last := _limit is null or cardinality(_ids) < _limit;
    perform from public.response as f where f.account_id = _account_id and f.id = any (_ids) order by f.id for update;
    with origin as (
        delete from public.merge_response as m
        where m.account_id = _account_id and m.merge_id = _merge.id and m.response_id = any (_ids)
        returning m.response_id, m.placement_id
    ), moved as (
        update public.response as f
        set placement_id = o.placement_id
        from origin as o
        where f.account_id = _account_id and f.id = o.response_id
        returning f.option_no, f.counted_on, f.widget_id, o.placement_id, f.reason_nos
    ), past as (
        delete from public.merge_tally as t
        where _is_last and t.account_id = _account_id and t.merge_id = _merge.id
        returning t.placement_id, t.day, t.option_no, t.count
    ), delta as (
        select m.placement_id, m.counted_on as day, m.option_no, count(*) as n
        from moved as m
        where m.counted_on is not null
        group by m.placement_id, m.counted_on, m.option_no
        union all
        select p.placement_id, p.day, p.option_no, p.count from past as p
    ), both_ways as (
        select d.placement_id, d.day, d.option_no, d.n from delta as d
        union all
        select t.id, d.day, d.option_no, -d.n
        from delta as d
        join public.placement as c on c.account_id = _account_id and c.id = d.placement_id
        join public.placement as t
            on t.account_id = _account_id and t.page_id = _merge.target_id and t.widget_id = c.widget_id
    )
    select array_agg(b.placement_id), array_agg(b.option_no), array_agg(b.day), array_agg(b.n::integer),
        (select array_agg(m.placement_id order by m.placement_id, m.counted_on, m.reason_nos) from moved as m where m.reason_nos is not null),
        (select array_agg(m.counted_on order by m.placement_id, m.counted_on, m.reason_nos) from moved as m where m.reason_nos is not null),
        (select array_agg(m.reason_nos::text order by m.placement_id, m.counted_on, m.reason_nos) from moved as m where m.reason_nos is not null)
    into _counted_ids, _options, _counted_days, _counts, _placement_ids, _days, _reasons
    from both_ways as b;
    if _counted_ids is not null then
        perform fn.add_tallies(
            array_fill(_account_id, array[cardinality(_counted_ids)]), _counted_ids, _options, _counted_days, _counts
        );
    end if;
    perform fn.return_mentions(_merge, _placement_ids, _days, _reasons, _is_last);
    update public.page_merge as m set moved = greatest(m.moved - cardinality(_ids), 0)
    where m.account_id = _account_id and m.id = _merge.id;
    return _is_last;
end;
$$;

comment on function fn.return_responses is
'Returns _limit responses (null: all) of a merge that is undone to the source, and at the end the counts whose responses retention
has deleted. Whether that was all.';
