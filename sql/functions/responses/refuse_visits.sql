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
    _refused_ids uuid[];
begin
    with fresh as (
        select *, row_number() over (partition by account_id, placement_id, address order by n) as rank
        from unnest(_account_ids, _placement_ids, _dedup_keys, _ids, _addresses) with ordinality
            as i (account_id, placement_id, dedup_key, id, address, n)
        where dedup_key is not null and address is not null and placement_id is not null and id <> all (_duplicate_ids)
    ), counted as (
        select account_id, placement_id, address, count(*) as n from fresh group by account_id, placement_id, address
    ), address_visits as (
        insert into public.address_visit as a (account_id, placement_id, address, visits, expires_at)
        select account_id, placement_id, address, n, now() + interval '1 day'
        from counted
        order by account_id, placement_id, address
        on conflict (account_id, placement_id, address) do update set visits = a.visits + excluded.visits
        returning account_id, placement_id, address, visits
    )
    select array_agg(f.id)
    into _refused_ids
    from fresh as f
    join address_visits as s using (account_id, placement_id, address)
    join counted as c using (account_id, placement_id, address)
    where s.visits - c.n + f.rank > _limit;

    if _refused_ids is not null then
        with forgotten as (
            delete from public.visit as v
            using unnest(_account_ids, _placement_ids, _dedup_keys, _ids, _addresses)
                as i (account_id, placement_id, dedup_key, id, address)
            where i.id = any (_refused_ids) and v.account_id = i.account_id and v.dedup_key = i.dedup_key
            returning v.account_id, i.placement_id, i.address
        )
        update public.address_visit as a
        set visits = a.visits - f.n
        from (
            select account_id, placement_id, address, count(*) as n
            from forgotten group by account_id, placement_id, address
        ) as f
        where a.account_id = f.account_id and a.placement_id = f.placement_id and a.address = f.address;
    end if;
    return _refused_ids;
end;
$$;

comment on function fn.refuse_visits is
'Counts the new visits of a batch by address, and deletes those beyond _limit a placement; returns the ids of their responses,
which are refused, or null. Part of fn.ingest_responses.';
