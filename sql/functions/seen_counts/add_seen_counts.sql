-- Called by ingest as installation.
create function fn.add_seen_counts(
    _account_ids uuid[], _widget_ids uuid[], _keys text[], _days date[], _counts bigint[]
) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
-- Thousands of pages at a time are looked up by a hash of them, which a plan for any number would not have.
set plan_cache_mode = force_custom_plan
as $$
#variable_conflict use_column
declare
    _placement_ids uuid[];
begin
    -- Nobody deletes the widgets and placements before this commits; what has been deleted meanwhile is not counted.
    perform from public.widget as w
    join (
        select min(n) as n, id from unnest(_widget_ids) with ordinality as i (id, n) group by id
    ) as i on w.account_id = _account_ids[i.n] and w.id = i.id
    order by w.account_id, w.id
    for key share of w;
    _placement_ids := array(
        select l.id
        from (
            select c.id
            from public.placement as c
            join (
                select min(n) as n, widget_id, key
                from unnest(_widget_ids, _keys) with ordinality as i (widget_id, key, n) group by widget_id, key
            ) as i on c.account_id = _account_ids[i.n] and c.widget_id = i.widget_id and c.key = i.key
            order by c.account_id, c.id
            for key share of c
        ) as l
    );
    insert into public.seen_day as t (account_id, scope_id, day, count)
    select w.account_id, s.id, i.day, sum(i.count)
    from unnest(_widget_ids, _keys, _days, _counts) with ordinality as i (widget_id, key, day, count, n)
    join public.widget as w on w.account_id = _account_ids[i.n] and w.id = i.widget_id
    left join public.placement as c
        on c.account_id = _account_ids[i.n] and c.widget_id = i.widget_id and c.key = i.key and c.id = any (_placement_ids)
    left join public.placement as t on t.account_id = _account_ids[i.n] and t.id = c.target_id
    cross join lateral (values (i.widget_id), (c.id)) as s (id)
    where coalesce(t.archived_at, c.archived_at) is null and s.id is not null
    group by w.account_id, s.id, i.day
    order by 1, 2, 3
    on conflict (account_id, scope_id, day) do update set count = t.count + excluded.count;
end;
$$;

comment on function fn.add_seen_counts is
'Adds page views in which widgets were seen, by widget, page key and day of the project''s zone: to the widget, and to
the placement if somebody has responded at this address, so that views create no pages. Archived placements are not counted.';
