create function fn.purge_seen_counts(_account_id uuid, _placement_ids uuid[]) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    with view as (
        delete from public.seen_day as t
        where t.account_id = _account_id and t.scope_id = any (_placement_ids)
        returning t.scope_id, t.day, t.count
    ), total as (
        select c.widget_id, v.day, sum(v.count) as count
        from view as v
        join public.placement as c on c.account_id = _account_id and c.id = v.scope_id
        group by c.widget_id, v.day
    ), empty as (
        delete from public.seen_day as t
        using total as s
        where t.account_id = _account_id and t.scope_id = s.widget_id and t.day = s.day and t.count <= s.count
    )
    update public.seen_day as t
    set count = t.count - s.count
    from total as s
    where t.account_id = _account_id and t.scope_id = s.widget_id and t.day = s.day and t.count > s.count;
end;
$$;

comment on function fn.purge_seen_counts is
'Deletes the page views of placements, and subtracts them from those of their widgets. Part of fn.purge_placements.';
