create function fn.create_merged_placements(
    _account_id uuid, _page_id uuid, _widget_ids uuid[], _keys text[], _limit integer, _now timestamptz
) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _page_ids uuid[];
    _version uuid;
    _count bigint;
begin
    select array_agg(p.id order by p.id) into _page_ids
    from public.page as p
    where p.account_id = _account_id and (p.id = _page_id or p.merged_into = _page_id);
    perform from public.page as p where p.account_id = _account_id and p.id = any (_page_ids) order by p.id for share;
    if exists (
        select 1 from public.page as p
        where p.account_id = _account_id and p.id = _page_id and p.archived_at is not null
    ) then
        return;
    end if;
    with placement as (
        insert into public.placement (account_id, id, widget_id, page_id, key, created_at)
        select _account_id, fn.uuid_v7(_now), w.id, p.id, p.key, _now
        from public.page as p
        join public.widget as w on w.account_id = p.account_id and w.project_id = p.project_id
        where p.account_id = _account_id and p.id = any (_page_ids)
            and w.placements + cardinality(_page_ids) <= _limit
            and w.id in (
                select i.widget_id from unnest(_widget_ids, _keys) as i (widget_id, key)
                join public.page as a on a.account_id = _account_id and a.id = any (_page_ids) and a.key = i.key
            )
        on conflict (account_id, widget_id, key) do nothing
        returning widget_id
    ), counted as (
        update public.widget as w
        set placements = w.placements + n.count
        from (select widget_id, count(*) as count from placement group by widget_id) as n
        where w.account_id = _account_id and w.id = n.widget_id
    )
    select count(*) into _count from placement;
    if _count > 0 then
        select c.alias_version into _version
        from public.placement as c
        where c.account_id = _account_id and c.page_id = _page_id and c.alias_version is not null
        limit 1;
        perform fn.link_placements(_account_id, _page_id, coalesce(_version, fn.uuid_v7(_now)));
    end if;
end;
$$;

comment on function fn.create_merged_placements is
'Creates the placements of these widgets on a page with aliases, at all of its addresses, within _limit a widget; none where it is
archived. Part of fn.create_placements, which has locked the widgets.';
