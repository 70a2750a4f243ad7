-- Called by ingest as installation.
create function fn.seen_tallies(_account_ids uuid[], _widget_ids uuid[], _keys text[])
returns table (count bigint, responses bigint, since date, rate double precision, rate_interval double precision[])
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
    return query
    select coalesce(f.count, 0)::bigint, coalesce(f.responses, 0)::bigint, f.since, f.rate, f.rate_interval
    from unnest(_widget_ids, _keys) with ordinality as k (widget_id, key, n)
    left join public.placement as c
        on c.account_id = _account_ids[k.n] and c.widget_id = k.widget_id and c.key = k.key
    left join lateral fn.seen_figures(_account_ids[k.n], k.widget_id, coalesce(c.target_id, c.id), null, null) as f
        on c.id is not null
    order by k.n;
end;
$$;

comment on function fn.seen_tallies is
'How often widgets were seen on pages, of all time, one row a page key in the order of the arguments, as fn.seen_figures. Zeros
for a page without responses.';
