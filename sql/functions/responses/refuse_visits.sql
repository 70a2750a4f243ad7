create function fn.refuse_visits(
    _account_ids uuid[],
    _placement_ids uuid[],
    _dedup_keys bytea[],
    _ids uuid[],
    _duplicate_ids uuid[],
    _addresses bytea[],
    _limit integer
) returns uuid[]
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    _full record; -- the placements and addresses with too many visits, and how many these are
    _refused_ids uuid[];
    _refused_ns integer[];
begin
    with address_visits as (
        insert into public.address_visit as a (account_id, placement_id, address, visits, expires_at)
        select _account_ids[min(n)], placement_id, address, count(*), now() + interval '1 day'
        from unnest(_placement_ids, _dedup_keys, _ids, _addresses) with ordinality
            as i (placement_id, dedup_key, id, address, n)
        where dedup_key is not null and address is not null and placement_id is not null and id <> all (_duplicate_ids)
        group by placement_id, address
        order by 1, 2, 3
        on conflict (account_id, placement_id, address) do update set visits = a.visits + excluded.visits
        returning placement_id, address, visits
    )
    select array_agg(placement_id) as placement_ids, array_agg(address) as addresses, array_agg(visits) as visits
    into _full
    from address_visits
    where visits > _limit;
    if _full.visits is null then
        return null;
    end if;

    select array_agg(n), array_agg(id) into _refused_ns, _refused_ids
    from (
        select i.n, i.id, f.visits - count(*) over same + row_number() over (same order by i.n) as visit
        from unnest(_placement_ids, _dedup_keys, _ids, _addresses) with ordinality
            as i (placement_id, dedup_key, id, address, n)
        join unnest(_full.placement_ids, _full.addresses, _full.visits) as f (placement_id, address, visits)
            on f.placement_id = i.placement_id and f.address = i.address
        where i.dedup_key is not null and i.id <> all (_duplicate_ids)
        window same as (partition by i.placement_id, i.address)
    ) as i
    where visit > _limit;
    delete from public.visit as v
    using unnest(_refused_ns) as r (n)
    where v.account_id = _account_ids[r.n] and v.dedup_key = _dedup_keys[r.n];
    update public.address_visit as a
    set visits = a.visits - r.count
    from (
        select min(n) as n, _placement_ids[n] as placement_id, _addresses[n] as address, count(*) as count
        from unnest(_refused_ns) as r (n) group by _placement_ids[n], _addresses[n]
    ) as r
    where a.account_id = _account_ids[r.n] and a.placement_id = r.placement_id and a.address = r.address;
    return _refused_ids;
end;
$$;

comment on function fn.refuse_visits is
'Counts the new visits of a batch by address, and deletes those beyond _limit a placement; returns the ids of their responses,
which are refused, or null. Part of fn.ingest_responses.';
