create function fn.create_placements(
    _account_ids uuid[], _widget_ids uuid[], _keys text[], _limit integer, _now timestamptz default now()
) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _merged record;
    _ns integer[]; -- the first positions of the placements that are missing
    _project_ids uuid[];
    _created_ids uuid[];
    _count integer;
begin
    -- Locks are taken in the order widgets, pages, placements, here and in fn.purge_placements. With the widgets locked nobody
    -- else changes the number of their placements.
    perform from public.widget as w
    join (select distinct id from unnest(_widget_ids) as i (id)) as i
        on w.account_id = _account_ids[array_position(_widget_ids, i.id)] and w.id = i.id
    order by w.account_id, w.id
    for no key update of w;

    -- A page with aliases has each widget at all of its addresses.
    for _merged in
        select distinct p.account_id, coalesce(p.merged_into, p.id) as page_id
        from unnest(_widget_ids, _keys) with ordinality as k (widget_id, key, n)
        join public.widget as w on w.account_id = _account_ids[k.n] and w.id = k.widget_id
        join public.page as p on p.account_id = w.account_id and p.project_id = w.project_id and p.key = k.key
        where p.merged_into is not null or exists (
            select 1 from public.page as a where a.account_id = _account_ids[k.n] and a.merged_into = p.id
        )
        order by 1, 2
    loop
        perform fn.create_merged_placements(
            _merged.account_id, _merged.page_id, _widget_ids, _keys, _limit, _now
        );
    end loop;

    select array_agg(m.n), array_agg(m.project_id) into _ns, _project_ids
    from (
        select min(k.n) as n, w.project_id, w.placements,
            row_number() over (partition by k.widget_id order by min(k.n)) as rank
        from unnest(_widget_ids, _keys) with ordinality as k (widget_id, key, n)
        join public.widget as w on w.account_id = _account_ids[k.n] and w.id = k.widget_id
        where not exists (
            select 1 from public.placement as c
            where c.account_id = _account_ids[k.n] and c.widget_id = k.widget_id and c.key = k.key
        ) and not exists (
            select 1 from public.page as p
            where p.account_id = _account_ids[k.n] and p.project_id = w.project_id and p.key = k.key
                and p.merged_into is not null
        )
        group by w.project_id, k.widget_id, k.key, w.placements
    ) as m
    where m.placements + m.rank <= _limit;
    if _ns is null then
        return;
    end if;

    -- A page may be renamed or deleted between the insert and the lock: then it is inserted once more.
    for _try in 1..5 loop
        insert into public.page (account_id, id, project_id, key, created_at)
        select _account_ids[m.n], fn.uuid_v7(_now), m.project_id, m.key, _now
        from (
            select min(m.n) as n, m.project_id, _keys[m.n] as key
            from unnest(_ns, _project_ids) as m (n, project_id) group by m.project_id, _keys[m.n]
        ) as m
        order by 1, m.project_id, m.key
        on conflict (account_id, project_id, key) do nothing;
        -- fn.archive_page waits for this lock, so that it archives these placements too.
        perform from public.page as p
        join unnest(_ns, _project_ids) as m (n, project_id)
            on p.account_id = _account_ids[m.n] and p.project_id = m.project_id and p.key = _keys[m.n]
        order by p.account_id, p.id
        for share of p;
        get diagnostics _count = row_count;
        exit when _count = cardinality(_ns);
    end loop;

    with placement as (
        insert into public.placement (account_id, id, widget_id, page_id, key, created_at)
        select p.account_id, fn.uuid_v7(_now), _widget_ids[m.n], p.id, p.key, _now
        from unnest(_ns, _project_ids) as m (n, project_id)
        join public.page as p
            on p.account_id = _account_ids[m.n] and p.project_id = m.project_id and p.key = _keys[m.n]
        where p.archived_at is null
        on conflict (account_id, widget_id, key) do nothing
        returning widget_id
    )
    select array_agg(widget_id) into _created_ids from placement;
    update public.widget as w
    set placements = w.placements + i.count
    from (select id, count(*) as count from unnest(_created_ids) as i (id) group by id) as i
    where w.account_id = _account_ids[array_position(_widget_ids, i.id)] and w.id = i.id;
end;
$$;

comment on function fn.create_placements is
'Creates the placements of these widgets and page keys that do not exist yet, and their pages: up to _limit placements a widget,
and none on an archived page. Takes equally long arrays.';
