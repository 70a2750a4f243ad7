-- Called by app as account.
-- Any member may read this: row-level security decides, not fn.allow.
create function fn.widget_placements(
    _account_id uuid, _widget_id uuid, _search text, _limit integer, _offset integer
) returns table (
    key text, responses bigint, counts bigint[], sentiment double precision,
    sentiment_interval double precision[], nps double precision, created_at timestamptz, row_count bigint, page_id uuid
)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    with page as (
        select c.id, c.page_id, c.key, c.created_at, coalesce(t.responses, 0)::bigint as responses, count(*) over () as row_count
        from public.placement as c
        left join lateral (
            select sum(i.count) as responses from public.tally as i
            where i.account_id = c.account_id and i.placement_id = c.id
        ) as t on true
        where c.account_id = _account_id and c.widget_id = _widget_id
            and c.target_id is null and (_search = '' or strpos(lower(c.key), lower(_search)) > 0)
        order by 4 desc, c.key
        limit _limit offset _offset
    )
    select
        p.key, p.responses,
        array_agg(coalesce(t.count, 0) order by o.position) filter (where o.retired_at is null),
        sum(t.count * o.weight) / nullif(sum(t.count), 0),
        fn.mean_interval(sum(t.count * o.weight), sum(t.count * o.weight * o.weight), nullif(sum(t.count), 0)::bigint, -1, 1),
        100 * sum(t.count * o.nps) / nullif(sum(t.count), 0)::double precision,
        p.created_at, p.row_count, p.page_id
    from page as p
    join fn.scored_option as o on o.account_id = _account_id and o.widget_id = _widget_id
    left join public.tally as t on t.account_id = _account_id and t.placement_id = p.id and t.option_no = o.no
    group by p.id, p.page_id, p.key, p.responses, p.created_at, p.row_count
    order by p.responses desc, p.key;
end;
$$;

comment on function fn.widget_placements is
'A page of a widget''s placements whose key contains _search (empty: all), most responses first: responses, counts of each
option in order, sentiment with its 95 % interval, NPS, and the page. row_count is of all pages.';
