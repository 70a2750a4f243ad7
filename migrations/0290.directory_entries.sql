-- transactional: false
-- In short transactions. What the version before creates meanwhile has no entry: whoever looks it up goes on without one.
do $$
declare
    _after record;
    _batch record;
begin
    select '00000000-0000-0000-0000-000000000000'::uuid as account_id, '00000000-0000-0000-0000-000000000000'::uuid as id
    into _after;
    loop
        select array_agg(b.account_id) as account_ids, array_agg(b.id) as ids into _batch
        from (
            select w.account_id, w.id from public.widget as w
            where (w.account_id, w.id) > (_after.account_id, _after.id)
            order by w.account_id, w.id
            limit 1000
        ) as b;
        exit when _batch.ids is null;
        insert into public.directory (lookup_key, account_id)
        select uuid_send(b.id), b.account_id from unnest(_batch.account_ids, _batch.ids) as b (account_id, id)
        on conflict (lookup_key) do nothing;
        commit;
        select _batch.account_ids[cardinality(_batch.ids)] as account_id, _batch.ids[cardinality(_batch.ids)] as id
        into _after;
    end loop;
    select '00000000-0000-0000-0000-000000000000'::uuid as account_id, '00000000-0000-0000-0000-000000000000'::uuid as id
    into _after;
    loop
        select array_agg(b.account_id) as account_ids, array_agg(b.id) as ids, array_agg(b.token_hash) as hashes
        into _batch
        from (
            select k.account_id, k.id, k.token_hash from public.api_key as k
            where (k.account_id, k.id) > (_after.account_id, _after.id)
            order by k.account_id, k.id
            limit 1000
        ) as b;
        exit when _batch.ids is null;
        insert into public.directory (lookup_key, account_id)
        select b.token_hash, b.account_id from unnest(_batch.account_ids, _batch.hashes) as b (account_id, token_hash)
        on conflict (lookup_key) do nothing;
        commit;
        select _batch.account_ids[cardinality(_batch.ids)] as account_id, _batch.ids[cardinality(_batch.ids)] as id
        into _after;
    end loop;
end;
$$;
