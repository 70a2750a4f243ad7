create function fn.return_mentions(
    _merge public.page_merge, _placement_ids uuid[], _days date[], _reasons text[], _is_last boolean
) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _account_id uuid := _merge.account_id;
    _counted_ids uuid[];
    _reason_nos smallint[];
    _counted_days date[];
    _counts integer[];
begin
    with past as (
        delete from public.merge_reason_tally as t
        where _is_last and t.account_id = _account_id and t.merge_id = _merge.id
        returning t.placement_id, t.day, t.reason_no, t.count
    ), delta as (
        select d.placement_id, d.day, r.no as reason_no, count(*) as n
        from unnest(_placement_ids, _days, _reasons) as d (placement_id, day, reasons)
        cross join lateral unnest(d.reasons::smallint[]) as r (no)
        where d.day is not null
        group by d.placement_id, d.day, r.no
        union all
        select p.placement_id, p.day, p.reason_no, p.count from past as p
    ), both_ways as (
        select d.placement_id, d.day, d.reason_no, d.n from delta as d
        union all
        select t.id, d.day, d.reason_no, -d.n
        from delta as d
        join public.placement as c on c.account_id = _account_id and c.id = d.placement_id
        join public.placement as t
            on t.account_id = _account_id and t.page_id = _merge.target_id and t.widget_id = c.widget_id
    )
    select array_agg(b.placement_id), array_agg(b.reason_no), array_agg(b.day), array_agg(b.n::integer)
    into _counted_ids, _reason_nos, _counted_days, _counts
    from both_ways as b;
    if _counted_ids is not null then
        perform fn.add_reason_tallies(
            array_fill(_account_id, array[cardinality(_counted_ids)]), _counted_ids, _reason_nos, _counted_days, _counts
        );
    end if;
end;
$$;

comment on function fn.return_mentions is
'Returns the counts of the reasons of responses that go back to the source ({1,3} each; null for none), and at the end those whose
responses retention has deleted. Part of fn.return_responses.';
