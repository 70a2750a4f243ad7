-- Called by jobs as installation.
create function fn.new_tallies(_now timestamptz) returns table (account_id uuid, tallies jsonb)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    _from timestamptz;
    _from_id uuid;
begin
    -- Gathered in the future: the clock was wrong, for how long nobody knows.
    select case when r.gathered_at > _now then '-infinity' else r.gathered_at - interval '2 minutes' end into _from
    from public.roll_up as r;
    _from_id := fn.uuid_floor(_from - interval '1 day');
    return query
    select t.account_id, jsonb_agg(jsonb_build_array(t.placement_id, t.day, t.created_at))
    from (
        select f.account_id, f.placement_id, f.counted_on as day, min(f.created_at) as created_at,
            row_number() over (partition by f.account_id) / 1000 as part
        from public.response as f
        -- By the id too, which is of the same time: no month is looked into but the last.
        where f.created_at >= _from and f.id >= _from_id
        group by f.account_id, f.placement_id, f.counted_on
    ) as t
    group by t.account_id, t.part;
end;
$$;

comment on function fn.new_tallies is
'Daily tallies of which there are responses since the last time, by account, at most 1,000 a row: placement, day, time of the
first of these responses. Looks back two minutes further, for late commits. For fn.gather_tally_changes, which goes on from _now
the next time.';
