-- Called by app as account.
-- Any member may read this: row-level security decides, not fn.allow.
create function fn.set_contents(
    _account_id uuid, _content_set_id uuid, _search text, _limit integer, _offset integer
) returns table (
    key text, signals bigint, counts bigint[], sentiment double precision, created_at timestamptz, found bigint
)
language plpgsql stable
set search_path = ''
as $$
begin
    return query
    with page as (
        select c.id, c.key, c.created_at, coalesce(t.signals, 0)::bigint as signals, count(*) over () as found
        from public.content as c
        left join lateral (
            select sum(i.count) as signals from public.tally as i
            where i.account_id = c.account_id and i.content_id = c.id
        ) as t on true
        where c.account_id = _account_id and c.content_set_id = _content_set_id
            and (_search = '' or strpos(lower(c.key), lower(_search)) > 0)
        order by 4 desc, c.key
        limit _limit offset _offset
    )
    select
        p.key, p.signals,
        array_agg(coalesce(t.count, 0) order by o.position) filter (where o.retired_at is null),
        sum(t.count * o.weight) / nullif(sum(t.count), 0),
        p.created_at, p.found
    from page as p
    join public.option as o on o.account_id = _account_id and o.content_set_id = _content_set_id
    left join public.tally as t on t.account_id = _account_id and t.content_id = p.id and t.option_no = o.no
    group by p.id, p.key, p.signals, p.created_at, p.found
    order by p.signals desc, p.key;
end;
$$;

comment on function fn.set_contents is
'A page of a set''s contents whose key holds _search (empty: all), those with most signals first: the signals, the count
of each option in order, the sentiment, and how many contents were found in all.';
