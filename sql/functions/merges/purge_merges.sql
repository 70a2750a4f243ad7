create function fn.purge_merges(_account_id uuid, _placement_ids uuid[]) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _ids uuid[];
begin
    with other as (
        delete from public.merge_visit as k
        where k.account_id = _account_id and (k.placement_id = any (_placement_ids) or k.own_placement_id = any (_placement_ids))
        returning k.dedup_key
    )
    delete from public.visit as v
    using other as o
    where v.account_id = _account_id and v.dedup_key = o.dedup_key;
    delete from public.merge_response as m where m.account_id = _account_id and m.placement_id = any (_placement_ids);
    with hold as (
        delete from public.merge_hold as h
        where h.account_id = _account_id and h.placement_id = any (_placement_ids)
        returning h.id
    )
    select array_agg(h.id) into _ids from hold as h;
    perform fn.delete_response_parts(_account_id, _ids);
    delete from public.merge_reason_tally as t where t.account_id = _account_id and t.placement_id = any (_placement_ids);
    delete from public.merge_tally as t where t.account_id = _account_id and t.placement_id = any (_placement_ids);
end;
$$;

comment on function fn.purge_merges is 'Deletes what merges know of the responses of these placements.';
