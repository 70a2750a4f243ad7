create function fn.take_merged_visit(
    _account_id uuid, _widget_id uuid, _id uuid, _own_placement_id uuid, _dedup_key bytea, _keys text[], _dedup_keys bytea[],
    _expires_at timestamptz
) returns uuid
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    _counting_id uuid;
    _counting_placement_id uuid;
    _now timestamptz := now();
begin
    -- One visitor's responses at two addresses wait for each other here, by the keys that they have in common.
    with visited as (
        insert into public.visit as v (account_id, dedup_key, placement_id, response_id, expires_at)
        select _account_id, k.dedup_key, c.id, _id, _expires_at
        from unnest(_keys, _dedup_keys) as k (key, dedup_key)
        join public.placement as c on c.account_id = _account_id and c.widget_id = _widget_id and c.key = k.key
        order by k.dedup_key
        on conflict (account_id, dedup_key) do update set
            response_id = case when v.expires_at > _now then v.response_id else excluded.response_id end,
            expires_at = case when v.expires_at > _now then v.expires_at else excluded.expires_at end
        returning v.dedup_key, v.placement_id, v.response_id
    )
    -- Of two that a merge has not reached yet the newer one counts, as it will.
    select v.response_id, coalesce(k.own_placement_id, v.placement_id) into _counting_id, _counting_placement_id
    from visited as v
    left join public.merge_visit as k on k.account_id = _account_id and k.dedup_key = v.dedup_key
    where v.response_id <> _id
    order by v.response_id desc
    limit 1;
    update public.visit as v set response_id = coalesce(_counting_id, _id)
    where v.account_id = _account_id and v.dedup_key = any (_dedup_keys) and v.response_id = _id;
    insert into public.merge_visit as k (account_id, dedup_key, placement_id, own_placement_id, response_id, expires_at)
    select v.account_id, v.dedup_key, v.placement_id, coalesce(_counting_placement_id, _own_placement_id), v.response_id,
        v.expires_at
    from public.visit as v
    left join public.response as f on f.account_id = v.account_id and f.id = v.response_id
    where v.account_id = _account_id and v.dedup_key = any (_dedup_keys) and v.response_id = coalesce(_counting_id, _id)
        and v.dedup_key <> case when _counting_id is null then _dedup_key else coalesce(f.dedup_key, '') end
        and v.placement_id <> coalesce(_counting_placement_id, _own_placement_id)
    on conflict (account_id, dedup_key) do update set
        own_placement_id = excluded.own_placement_id, response_id = excluded.response_id, expires_at = excluded.expires_at;
    return coalesce(_counting_id, _id);
end;
$$;

comment on function fn.take_merged_visit is
'Records the visit of a response at all addresses of a page. Returns its id, or that of the visitor''s earlier response at any of
them (zeros where retention has deleted it).';
