create function fn.mirror_placements(_account_id uuid, _page_ids uuid[], _now timestamptz) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    with placement as (
        insert into public.placement (account_id, id, widget_id, page_id, key, created_at)
        select _account_id, fn.uuid_v7(_now), w.widget_id, p.id, p.key, _now
        from public.page as p
        cross join (
            select distinct c.widget_id from public.placement as c
            where c.account_id = _account_id and c.page_id = any (_page_ids)
        ) as w
        where p.account_id = _account_id and p.id = any (_page_ids)
        on conflict (account_id, widget_id, key) do nothing
        returning widget_id
    )
    update public.widget as w
    set placements = w.placements + n.count
    from (select widget_id, count(*) as count from placement group by widget_id) as n
    where w.account_id = _account_id and w.id = n.widget_id;
end;
$$;

comment on function fn.mirror_placements is
'Gives each of these pages a placement of every widget that one of them has. The caller has locked the widgets.';
