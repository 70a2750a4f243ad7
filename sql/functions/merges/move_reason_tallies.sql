create function fn.move_reason_tallies(_merge public.page_merge) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _none text;
begin
    -- As fn.move_tallies.
    with rest as (
        select c.id, c.target_id, t.day, t.reason_no, t.count
        from public.placement as c
        join public.reason_tally_day as t on t.account_id = c.account_id and t.placement_id = c.id
        where c.account_id = _merge.account_id and c.page_id = _merge.source_id and c.target_id is not null and t.count > 0
    ), origin as (
        insert into public.merge_reason_tally as t (account_id, merge_id, placement_id, day, reason_no, count, expires_at)
        select _merge.account_id, _merge.id, r.id, r.day, r.reason_no, r.count, _merge.undo_until from rest as r
        on conflict (account_id, merge_id, placement_id, day, reason_no) do update set count = t.count + excluded.count
    ), delta as (
        select r.id, r.day, r.reason_no, -r.count as n from rest as r
        union all
        select r.target_id, r.day, r.reason_no, r.count from rest as r
    )
    select fn.add_reason_tallies(
        array_agg(_merge.account_id), array_agg(d.id), array_agg(d.reason_no), array_agg(d.day), array_agg(d.n::integer)
    )
    into _none
    from delta as d
    having count(*) > 0;
end;
$$;

comment on function fn.move_reason_tallies is
'Moves the mentions of the source whose responses retention has deleted to the target, and records them for undoing.';
