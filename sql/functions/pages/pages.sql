-- Called by app as account.
create function fn.pages(
    _account_id uuid, _project_id uuid, _text text default '', _is_archived boolean default null,
    _after_id uuid default null, _limit integer default 100, _id uuid default null
) returns table (
    id uuid, key text, title text, created_at timestamptz, archived_at timestamptz, responses bigint, placements text
)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    perform fn.allow(_account_id, 'viewer', _project_id);
    return query
    select p.id, p.key, p.title, p.created_at, p.archived_at, coalesce(c.responses, 0)::bigint,
        coalesce(c.placements, '[]')::text
    from (
        select * from public.page as p
        where p.account_id = _account_id and p.project_id = _project_id
            and (_id is null or p.id = _id) and (_id is not null or p.merged_into is null)
            and (_after_id is null or p.id > _after_id)
            and (_is_archived is null or (p.archived_at is not null) = _is_archived)
            and (
                _text = '' or strpos(lower(p.key), lower(_text)) > 0 or strpos(lower(p.title), lower(_text)) > 0
            )
        order by p.id
        limit _limit
    ) as p
    left join lateral (
        select sum(t.count) as responses,
            json_agg(json_build_object('id', c.id, 'widget', c.widget_id) order by c.id) as placements
        from public.placement as c
        left join lateral (
            select sum(t.count) as count
            from public.tally as t where t.account_id = _account_id and t.placement_id = c.id
        ) as t on true
        where c.account_id = _account_id and c.page_id = p.id
    ) as c on true
    order by p.id;
    if not found and _id is not null then
        raise exception 'There is no such page.' using errcode = 'FB404', hint = 'See the pages of your project.';
    end if;
end;
$$;

comment on function fn.pages is
'Pages of a project in the order in which they were first seen, after _after_id: whose key or title holds _text, archived or
not, or just the one of _id; each with its responses and, as JSON, its placements. FB404.';
