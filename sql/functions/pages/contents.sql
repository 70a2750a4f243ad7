-- Called by app as account.
create function fn.contents(
    _account_id uuid, _project_id uuid, _content_set_id uuid default null, _text text default '',
    _is_archived boolean default null, _after_id uuid default null, _limit integer default 100, _id uuid default null
) returns table (
    id uuid, content_set_id uuid, key text, created_at timestamptz, archived_at timestamptz, signals bigint, counts text
)
language plpgsql stable
set search_path = ''
as $$
begin
    perform fn.allow(_account_id, 'viewer', _project_id);
    return query
    select p.id, p.content_set_id, p.key, p.created_at, p.archived_at, t.signals, t.counts::text
    from (
        select c.* from public.content as c
        join public.content_set as s on s.account_id = c.account_id and s.id = c.content_set_id
        where c.account_id = _account_id and s.project_id = _project_id
            and (_id is null or c.id = _id)
            and (_content_set_id is null or c.content_set_id = _content_set_id)
            and (_after_id is null or c.id > _after_id)
            and (_is_archived is null or (c.archived_at is not null) = _is_archived)
            and (_text = '' or strpos(lower(c.key), lower(_text)) > 0)
        order by c.id
        limit _limit
    ) as p
    cross join lateral (
        select coalesce(sum(t.count), 0)::bigint as signals,
            json_object_agg(o.value, coalesce(t.count, 0) order by o.position)
                filter (where o.retired_at is null or t.count > 0) as counts
        from public.option as o
        left join public.tally as t on t.account_id = o.account_id and t.content_id = p.id and t.option_no = o.no
        where o.account_id = _account_id and o.content_set_id = p.content_set_id
    ) as t
    order by p.id;
    if not found and _id is not null then
        raise exception 'There is no such content.' using errcode = 'FB404', hint = 'See the contents of your sets.';
    end if;
end;
$$;

comment on function fn.contents is
'Contents of a project in the order in which they came, after _after_id: of a set, whose key holds _text, archived or not, or
just the one of _id; each with the signals it had and, as JSON, how many chose each option (retired ones that have any too).
FB404.';
