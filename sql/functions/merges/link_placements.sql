create function fn.link_placements(_account_id uuid, _page_id uuid, _version uuid) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    perform from public.placement as c
    where c.account_id = _account_id and c.page_id in (
        select p.id from public.page as p
        where p.account_id = _account_id and (p.id = _page_id or p.merged_into = _page_id)
    )
    order by c.id
    for no key update;
    update public.placement as c
    set target_id = t.id, alias_version = _version
    from public.page as p, public.placement as t
    where p.account_id = _account_id and p.merged_into = _page_id
        and c.account_id = p.account_id and c.page_id = p.id
        and t.account_id = c.account_id and t.page_id = _page_id and t.widget_id = c.widget_id;
    update public.placement as c
    set target_id = null, alias_version = case when exists (
        select 1 from public.page as p where p.account_id = _account_id and p.merged_into = _page_id
    ) then _version end
    where c.account_id = _account_id and c.page_id = _page_id;
end;
$$;

comment on function fn.link_placements is
'Links the placements of a page''s aliases to its own, and gives all of them _version, by which ingestion knows its addresses;
without aliases they have none.';
