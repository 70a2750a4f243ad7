-- Called by ingest as installation.
create function fn.name_pages(_account_ids uuid[], _project_ids uuid[], _keys text[], _titles text[]) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    -- In one order, so that two batches do not wait for each other in a circle.
    perform from public.page as p
    join unnest(_account_ids, _project_ids, _keys) as t (account_id, project_id, key)
        on p.account_id = t.account_id and p.project_id = t.project_id and p.key = t.key
    where p.title is null
    order by p.account_id, p.id
    for no key update of p;
    update public.page as p
    set title = left(t.title, 300)
    from (
        select p.account_id, p.id, min(t.title) as title
        from unnest(_account_ids, _project_ids, _keys, _titles) as t (account_id, project_id, key, title)
        join public.page as p on p.account_id = t.account_id and p.project_id = t.project_id and p.key = t.key
        where p.title is null and t.title <> ''
        group by p.account_id, p.id
    ) as t
    where p.account_id = t.account_id and p.id = t.id and p.title is null;
end;
$$;

comment on function fn.name_pages is
'Sets the titles of pages that have none; longer ones are cut at 300 characters. Any visitor can send a title, so an existing
one is never replaced.';
