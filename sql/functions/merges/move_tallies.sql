create function fn.move_tallies(_merge public.page_merge) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _account_id uuid := _merge.account_id;
    _source_ids uuid[];
    _target_ids uuid[];
    _days date[];
    _nos smallint[];
    _counts integer[];
begin
    -- All responses have been moved: what is counted still, retention has deleted.
    with rest as (
        select c.id, c.target_id, t.day, t.option_no, t.count
        from public.placement as c
        join public.tally_day as t on t.account_id = _account_id and t.placement_id = c.id
        where c.account_id = _account_id and c.page_id = _merge.source_id and c.target_id is not null and t.count > 0
    ), origin as (
        insert into public.merge_tally as t (account_id, merge_id, placement_id, day, option_no, count, expires_at)
        select _account_id, _merge.id, r.id, r.day, r.option_no, r.count, _merge.undo_until from rest as r
        on conflict (account_id, merge_id, placement_id, day, option_no) do update set count = t.count + excluded.count
    )
    select array_agg(r.id), array_agg(r.target_id), array_agg(r.day), array_agg(r.option_no), array_agg(r.count::integer)
    into _source_ids, _target_ids, _days, _nos, _counts
    from rest as r;
    perform fn.add_tallies(
        array_agg(_account_id), array_agg(d.placement_id), array_agg(d.no), array_agg(d.day), array_agg(s.sign * d.count)
    )
    from (values (-1, _source_ids), (1, _target_ids)) as s (sign, placement_ids)
    cross join lateral unnest(s.placement_ids, _nos, _days, _counts) as d (placement_id, no, day, count)
    having count(*) > 0;
end;
$$;

comment on function fn.move_tallies is
'Moves the counts of the source whose responses retention has deleted to the target, and records them for undoing.';
