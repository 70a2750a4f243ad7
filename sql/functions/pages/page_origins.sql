-- Called by app as account.
create function fn.page_origins(_account_id uuid, _project_id uuid) returns table (origin text, pages bigint)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    perform fn.allow(_account_id, 'viewer', _project_id);
    return query
    select coalesce(substring(p.key from '^https?://[^/]+'), 'none'), count(*)
    from public.page as p
    where p.account_id = _account_id and p.project_id = _project_id and p.deletion_id is null
        and p.merged_into is null
    group by 1
    order by 2 desc, 1
    limit 100;
end;
$$;

comment on function fn.page_origins is
'The origins of a project''s page keys (none for keys that are no address), at most 100, those with most pages first.';
