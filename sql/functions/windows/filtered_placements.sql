create function fn.filtered_placements(_account_id uuid, _project_id uuid, _page_id uuid, _origin text) returns uuid[]
language plpgsql stable
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_custom_plan
as $$
begin
    if _page_id is null and _origin = '' then
        return null;
    end if;
    return array(
        select c.id
        from public.page as p
        join public.placement as c on c.account_id = _account_id and c.page_id = p.id
        where p.account_id = _account_id and p.project_id = _project_id and (_page_id is null or p.id = _page_id)
            and (_origin = '' or fn.is_page_match(p.key, _origin, ''))
    );
end;
$$;

comment on function fn.filtered_placements is
'The placements on a page, or on the pages of an origin (fn.is_page_match); null, which means all, without either.';
