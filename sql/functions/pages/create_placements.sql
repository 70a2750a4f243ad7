create function fn.create_placements(
    _account_ids uuid[], _widget_ids uuid[], _keys text[], _limit integer, _now timestamptz default now()
) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _missing record;
    _merged record;
    _count integer;
begin
    -- Locks are taken in the order widgets, pages, placements, here and in fn.purge_placements. With the widgets locked nobody
    -- else changes the number of their placements.
    perform from public.widget as w
    where (w.account_id, w.id) in (select * from unnest(_account_ids, _widget_ids))
    order by w.account_id, w.id
    for no key update;

    -- A page with aliases has each widget at all of its addresses.
    for _merged in
        select distinct k.account_id, coalesce(p.merged_into, p.id) as page_id
        from unnest(_account_ids, _widget_ids, _keys) as k (account_id, widget_id, key)
        join public.widget as w on w.account_id = k.account_id and w.id = k.widget_id
        join public.page as p on p.account_id = w.account_id and p.project_id = w.project_id and p.key = k.key
        where p.merged_into is not null or exists (
            select from public.page as a where a.account_id = p.account_id and a.merged_into = p.id
        )
        order by 1, 2
    loop
        perform fn.create_merged_placements(
            _merged.account_id, _merged.page_id, _widget_ids, _keys, _limit, _now
        );
    end loop;

    select array_agg(m.account_id) as account_ids, array_agg(m.project_id) as project_ids,
        array_agg(m.widget_id) as widget_ids, array_agg(m.key) as keys
    into _missing
    from (
        select k.account_id, w.project_id, k.widget_id, k.key, w.placements,
            row_number() over (partition by k.account_id, k.widget_id order by min(k.n)) as rank
        from unnest(_account_ids, _widget_ids, _keys) with ordinality as k (account_id, widget_id, key, n)
        join public.widget as w on w.account_id = k.account_id and w.id = k.widget_id
        where not exists (
            select from public.placement as c
            where c.account_id = k.account_id and c.widget_id = k.widget_id and c.key = k.key
        ) and not exists (
            select from public.page as p
            where p.account_id = w.account_id and p.project_id = w.project_id and p.key = k.key
                and p.merged_into is not null
        )
        group by k.account_id, w.project_id, k.widget_id, k.key, w.placements
    ) as m
    where m.placements + m.rank <= _limit;
    if _missing.keys is null then
        return;
    end if;

    -- A page may be renamed or deleted between the insert and the lock: then it is inserted once more.
    for _try in 1..5 loop
        insert into public.page (account_id, id, project_id, key, created_at)
        select distinct on (m.account_id, m.project_id, m.key)
            m.account_id, fn.uuid_v7(_now), m.project_id, m.key, _now
        from unnest(_missing.account_ids, _missing.project_ids, _missing.keys) as m (account_id, project_id, key)
        order by m.account_id, m.project_id, m.key
        on conflict (account_id, project_id, key) do nothing;
        -- fn.archive_page waits for this lock, so that it archives these placements too.
        perform from public.page as p
        join unnest(_missing.account_ids, _missing.project_ids, _missing.keys) as m (account_id, project_id, key)
            on p.account_id = m.account_id and p.project_id = m.project_id and p.key = m.key
        order by p.account_id, p.id
        for share of p;
        get diagnostics _count = row_count;
        exit when _count = cardinality(_missing.keys);
    end loop;

    with placement as (
        insert into public.placement (account_id, id, widget_id, page_id, key, created_at)
        select m.account_id, fn.uuid_v7(_now), m.widget_id, p.id, m.key, _now
        from unnest(_missing.account_ids, _missing.project_ids, _missing.widget_ids, _missing.keys)
            as m (account_id, project_id, widget_id, key)
        join public.page as p on p.account_id = m.account_id and p.project_id = m.project_id and p.key = m.key
        where p.archived_at is null
        on conflict (account_id, widget_id, key) do nothing
        returning account_id, widget_id
    )
    update public.widget as w
    set placements = w.placements + n.count
    from (select account_id, widget_id, count(*) as count from placement group by account_id, widget_id) as n
    where w.account_id = n.account_id and w.id = n.widget_id;
end;
$$;

comment on function fn.create_placements is
'Creates the placements of these widgets and page keys that do not exist yet, and their pages: up to _limit placements a widget,
and none on an archived page. Takes equally long arrays.';
