create function fn.latest_releases(_account_id uuid, _project_id uuid, _release_id uuid, _page_id uuid, _limit integer)
returns uuid[]
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
    -- Of the page and its aliases.
    _keys text[] := array(
        select p.key from public.page as p
        where p.account_id = _account_id and p.project_id = _project_id and _page_id in (p.id, p.merged_into)
    );
begin
    return array(
        select r.id from public.release as r
        where r.account_id = _account_id and r.project_id = _project_id and (_release_id is null or r.id = _release_id)
            and (_page_id is null or fn.is_release_of(r.patterns, _keys))
        order by r.released_at desc, r.id desc
        limit _limit
    );
end;
$$;

comment on function fn.latest_releases is
'The latest releases of a project, those that touch a page (by its key or an alias of it), or the one of _release_id.';
