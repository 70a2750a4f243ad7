-- Called by ingest as installation.
create function fn.page_addresses(_account_id uuid, _widget_id uuid, _key text)
returns table (alias_version uuid, keys text[])
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
    return query
    select c.alias_version, array_agg(a.key order by a.key)
    from public.placement as c
    join public.placement as t on t.account_id = c.account_id and t.id = coalesce(c.target_id, c.id)
    join public.placement as a on a.account_id = t.account_id and (a.id = t.id or a.target_id = t.id)
    where c.account_id = _account_id and c.widget_id = _widget_id and c.key = _key and c.alias_version is not null
    group by c.alias_version;
end;
$$;

comment on function fn.page_addresses is
'All keys of a page with aliases, and the version that fn.ingest_merged_response checks; no row for other pages.';
