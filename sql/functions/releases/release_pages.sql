create function fn.release_pages(_account_id uuid, _project_id uuid, _patterns text[]) returns table (page_id uuid)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    select distinct coalesce(p.merged_into, p.id)
    from public.page as p
    where p.account_id = _account_id and p.project_id = _project_id
        and exists (select 1 from unnest(_patterns) as g (pattern) where fn.is_glob_match(p.key, g.pattern));
end;
$$;

comment on function fn.release_pages is
'The pages that a release with these patterns touches (fn.is_glob_match): by their keys, or by an alias of them.';
