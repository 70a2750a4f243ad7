-- Called by ingest as installation.
create function fn.name_pages(_account_ids uuid[], _project_ids uuid[], _keys text[], _titles text[]) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    -- In one order, so that two batches do not wait for each other in a circle.
    perform from public.page as p
    join unnest(_project_ids, _keys) with ordinality as t (project_id, key, n)
        on p.account_id = _account_ids[t.n] and p.project_id = t.project_id and p.key = t.key
    where p.title is null
    order by p.account_id, p.id
    for no key update of p;
    update public.page as p
    set title = left(t.title, 300)
    from (
        select min(n) as n, project_id, key, min(title) as title
        from unnest(_project_ids, _keys, _titles) with ordinality as t (project_id, key, title, n)
        where title <> ''
        group by project_id, key
    ) as t
    where p.account_id = _account_ids[t.n] and p.project_id = t.project_id and p.key = t.key and p.title is null;
end;
$$;

comment on function fn.name_pages is
'Sets the titles of pages that have none; longer ones are cut at 300 characters. Any visitor can send a title, so an existing
one is never replaced.';
