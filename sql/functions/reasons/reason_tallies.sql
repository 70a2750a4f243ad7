-- Called by ingest as installation.
create function fn.reason_tallies(_account_ids uuid[], _widget_ids uuid[], _keys text[])
returns table (counts_json text)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
    return query
    select coalesce((
        select json_object_agg(o.value, o.counts order by o.position)
        from (
            select o.value, o.position, json_object_agg(r.value, coalesce(t.count, 0) order by r.position) as counts
            from public.option as o
            join public.reason as r
                on r.account_id = o.account_id and r.widget_id = o.widget_id and r.option_no = o.no and r.archived_at is null
            left join public.reason_tally as t
                on t.account_id = o.account_id and t.placement_id = coalesce(c.target_id, c.id) and t.reason_no = r.no
            where o.account_id = _account_ids[k.n] and o.widget_id = k.widget_id and o.retired_at is null
            group by o.value, o.position
        ) as o
    ), '{}')::text
    from unnest(_widget_ids, _keys) with ordinality as k (widget_id, key, n)
    left join public.placement as c
        on c.account_id = _account_ids[k.n] and c.widget_id = k.widget_id and c.key = k.key
    order by k.n;
end;
$$;

comment on function fn.reason_tallies is
'How many responses mention each reason, by option and reason ({"no": {"unclear": 3}}), one row a page key in the order of the
arguments. A page without responses has zeros; options without reasons are left out.';
