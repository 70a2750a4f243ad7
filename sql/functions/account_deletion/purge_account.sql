create function fn.purge_account(_account_id uuid) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    -- The order in which ingestion writes, so that the two do not wait for each other in a circle; placements before their pages,
    -- and what members wrote before the members.
    _first constant text[] := '{network_day,visit,address_visit,response,tally_change,tally_day,tally,reason_tally_day,reason_tally,'
        || 'seen_day,placement,page,triage,note,reply}';
    _table regclass;
begin
    -- Ingestion holds the placements of the responses that it stores, and its visits after them.
    perform from public.widget as w where w.account_id = _account_id order by w.id for update;
    perform from public.page as p where p.account_id = _account_id order by p.id for update;
    perform from public.placement as c where c.account_id = _account_id order by c.id for update;
    for _table in
        select c.oid::regclass
        from pg_catalog.pg_class as c
        join pg_catalog.pg_attribute as a on a.attrelid = c.oid and a.attname = 'account_id' and not a.attisdropped
        where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
        order by array_position(_first, c.relname::text), c.relname
    loop
        execute format('delete from %s where account_id = $1', _table) using _account_id;
    end loop;
end;
$$;

comment on function fn.purge_account is
'Deletes every row of an account, in all tables that have a column account_id.';
