-- Called by ingest as installation.
create function fn.add_seen_counts(
    _account_ids uuid[], _widget_ids uuid[], _keys text[], _days date[], _counts bigint[]
) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
    -- Nobody deletes the widgets and placements before this commits; what has been deleted meanwhile is not counted.
    perform from public.widget as w
    where (w.account_id, w.id) in (select * from unnest(_account_ids, _widget_ids))
    order by w.account_id, w.id
    for key share;
    with item as (
        select account_id, widget_id, key, day, sum(count) as count
        from unnest(_account_ids, _widget_ids, _keys, _days, _counts) as i (account_id, widget_id, key, day, count)
        group by account_id, widget_id, key, day
    ), placement as materialized (
        select c.account_id, c.id, c.widget_id, c.key, c.target_id, c.archived_at
        from public.placement as c
        where (c.account_id, c.widget_id, c.key) in (select i.account_id, i.widget_id, i.key from item as i)
        order by c.account_id, c.id
        for key share
    )
    insert into public.seen_day as t (account_id, scope_id, day, count)
    select i.account_id, s.id, i.day, sum(i.count)
    from item as i
    join public.widget as w on w.account_id = i.account_id and w.id = i.widget_id
    left join placement as c on c.account_id = i.account_id and c.widget_id = i.widget_id and c.key = i.key
    left join public.placement as t on t.account_id = c.account_id and t.id = c.target_id
    cross join lateral (values (i.widget_id), (c.id)) as s (id)
    where coalesce(t.archived_at, c.archived_at) is null and s.id is not null
    group by i.account_id, s.id, i.day
    order by 1, 2, 3
    on conflict (account_id, scope_id, day) do update set count = t.count + excluded.count;
end;
$$;

comment on function fn.add_seen_counts is
'Adds page views in which widgets were seen, by widget, page key and day of the project''s zone: to the widget, and to
the placement if somebody has responded at this address, so that views create no pages. Archived placements are not counted.';
