create function fn.forget_merge_responses(_account_id uuid, _ids uuid[]) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _hold_ids uuid[];
begin
    with other as (
        delete from public.merge_visit as k
        where k.account_id = _account_id and k.response_id = any (_ids)
        returning k.dedup_key
    )
    delete from public.visit as v
    using other as o
    where v.account_id = _account_id and v.dedup_key = o.dedup_key;
    delete from public.merge_response as m where m.account_id = _account_id and m.response_id = any (_ids);
    with hold as (
        delete from public.merge_hold as h
        where h.account_id = _account_id and h.counting_id = any (_ids)
        returning h.id
    )
    select array_agg(h.id) into _hold_ids from hold as h;
    if _hold_ids is not null then
        perform fn.delete_response_parts(_account_id, _hold_ids);
        perform fn.forget_merge_responses(_account_id, _hold_ids);
    end if;
end;
$$;

comment on function fn.forget_merge_responses is
'Of responses that are being deleted: deletes what merges know of them, their visits at other addresses, and the same visitors''
older responses that merges hold.';
