create function fn.is_release_of_page(
    _account_id uuid, _project_id uuid, _patterns text[], _page_id uuid, _origin text default ''
) returns boolean
language plpgsql stable
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_custom_plan
as $$
begin
    return exists (
        select from public.page as p
        where p.account_id = _account_id and p.project_id = _project_id
            and (_page_id is null or p.id = _page_id or p.merged_into = _page_id)
            and (_origin = '' or fn.is_page_match(p.key, _origin, ''))
            and exists (select from unnest(_patterns) as g (pattern) where fn.is_glob_match(p.key, g.pattern))
    );
end;
$$;

comment on function fn.is_release_of_page is
'Whether a release with these patterns touches a page, by its key or an alias of it; without _page_id any page of an origin
(fn.is_page_match).';
