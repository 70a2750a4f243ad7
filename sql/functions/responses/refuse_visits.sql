create function fn.refuse_visits(
    _account_ids uuid[],
    _content_ids uuid[],
    _fold_keys bytea[],
    _ids uuid[],
    _folded_ids uuid[],
    _addresses bytea[],
    _limit integer
) returns uuid[]
language plpgsql volatile
set search_path = ''
as $$
#variable_conflict use_column
declare
    _refused_ids uuid[];
begin
    with fresh as (
        select *, row_number() over (partition by account_id, content_id, address order by n) as rank
        from unnest(_account_ids, _content_ids, _fold_keys, _ids, _addresses) with ordinality
            as i (account_id, content_id, fold_key, id, address, n)
        where fold_key is not null and address is not null and content_id is not null and id <> all (_folded_ids)
    ), counted as (
        select account_id, content_id, address, count(*) as n from fresh group by account_id, content_id, address
    ), seen as (
        insert into public.address_visit as a (account_id, content_id, address, visits, expires_at)
        select account_id, content_id, address, n, now() + interval '1 day'
        from counted
        order by account_id, content_id, address
        on conflict (account_id, content_id, address) do update set visits = a.visits + excluded.visits
        returning account_id, content_id, address, visits
    )
    select array_agg(f.id)
    into _refused_ids
    from fresh as f
    join seen as s using (account_id, content_id, address)
    join counted as c using (account_id, content_id, address)
    where s.visits - c.n + f.rank > _limit;

    if _refused_ids is not null then
        with forgotten as (
            delete from public.visit as v
            using unnest(_account_ids, _fold_keys, _ids) as i (account_id, fold_key, id)
            where i.id = any (_refused_ids) and v.account_id = i.account_id and v.fold_key = i.fold_key
            returning v.account_id, v.content_id, v.address
        )
        update public.address_visit as a
        set visits = a.visits - f.n
        from (
            select account_id, content_id, address, count(*) as n
            from forgotten group by account_id, content_id, address
        ) as f
        where a.account_id = f.account_id and a.content_id = f.content_id and a.address = f.address;
    end if;
    return _refused_ids;
end;
$$;

comment on function fn.refuse_visits is
'Counts the new visits of a batch against their addresses, and takes back those beyond _limit a content; returns the ids
of the signals that are refused with them, or null. Part of fn.ingest_feelbacks.';
