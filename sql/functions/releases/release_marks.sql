create function fn.release_marks(
    _account_id uuid, _project_id uuid, _page_id uuid, _origin text, _zone text, _from timestamp, _to timestamp
) returns json
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
    _keys text[];
begin
    if _page_id is not null or _origin <> '' then
        _keys := array(
            select p.key from public.page as p
            where p.account_id = _account_id and p.project_id = _project_id
                and (_page_id is null or _page_id in (p.id, p.merged_into))
                and (_origin = '' or fn.is_page_match(p.key, _origin, ''))
        );
    end if;
    return (
        select coalesce(
            json_agg(json_build_object('id', m.id, 'name', m.name, 'at', m.at) order by m.at, m.id), '[]'
        )
        from (
            select r.id, r.name, r.released_at at time zone _zone as at
            from public.release as r
            where r.account_id = _account_id and r.project_id = _project_id
                and r.released_at >= _from at time zone _zone and r.released_at < _to at time zone _zone
                and (_keys is null or fn.is_release_of(r.patterns, _keys))
            order by r.released_at desc, r.id
            limit 100
        ) as m
    );
end;
$$;

comment on function fn.release_marks is
'The releases to draw on a chart from _from to before _to in the zone, the newest 100, as JSON: of a project, or those that touch
a page, by its key or an alias of it, or any page of an origin (fn.is_page_match).';
