-- Called by app as account.
create function fn.placements(
    _account_id uuid, _project_id uuid, _widget_id uuid default null, _text text default '',
    _is_archived boolean default null, _after_id uuid default null, _limit integer default 100, _id uuid default null
) returns table (
    id uuid, page_id uuid, widget_id uuid, key text, created_at timestamptz, archived_at timestamptz, responses bigint, counts text
)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    perform fn.allow(_account_id, 'viewer', _project_id);
    return query
    select p.id, p.page_id, p.widget_id, p.key, p.created_at, p.archived_at, t.responses, t.counts::text
    from (
        select c.* from public.placement as c
        join public.widget as s on s.account_id = c.account_id and s.id = c.widget_id
        where c.account_id = _account_id and s.project_id = _project_id
            and (_id is null or c.id = _id) and (_id is not null or c.target_id is null)
            and (_widget_id is null or c.widget_id = _widget_id)
            and (_after_id is null or c.id > _after_id)
            and (_is_archived is null or (c.archived_at is not null) = _is_archived)
            and (_text = '' or strpos(lower(c.key), lower(_text)) > 0)
        order by c.id
        limit _limit
    ) as p
    cross join lateral (
        select coalesce(sum(t.count), 0)::bigint as responses,
            json_object_agg(o.value, coalesce(t.count, 0) order by o.position)
                filter (where o.retired_at is null or t.count > 0) as counts
        from public.option as o
        left join public.tally as t on t.account_id = o.account_id and t.placement_id = p.id and t.option_no = o.no
        where o.account_id = _account_id and o.widget_id = p.widget_id
    ) as t
    order by p.id;
    if not found and _id is not null then
        raise exception 'There is no such placement.' using errcode = 'FB404', hint = 'See the pages of your widgets.';
    end if;
end;
$$;

comment on function fn.placements is
'Placements of a project in the order in which they were first seen, after _after_id: of a widget, whose key contains _text,
archived or not, or the one of _id; each with its responses and, as JSON, its counts by option (retired ones only where they
have any). FB404.';
