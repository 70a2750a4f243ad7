-- Called by ingest as installation.
create function fn.delete_response(_account_id uuid, _id uuid, _address bytea default null) returns boolean
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _response public.response;
begin
    select * into _response from public.response as f where f.account_id = _account_id and f.id = _id;
    if not found then
        -- A merge may hold it.
        delete from public.merge_hold as h where h.account_id = _account_id and h.id = _id;
        if found then
            perform fn.delete_response_parts(_account_id, array[_id]);
            perform fn.forget_merge_responses(_account_id, array[_id]);
            return true;
        end if;
        return false;
    end if;
    perform fn.forget_merge_responses(_account_id, array[_id]);

    delete from public.visit as v
    where v.account_id = _account_id and v.dedup_key = _response.dedup_key and v.response_id = _id;
    -- Its place among the visitors of the address is free again. Addresses are hashed anew each day (UTC).
    if found and _address is not null and _response.created_at >= date_trunc('day', now(), 'UTC') then
        update public.address_visit as a
        set visits = a.visits - 1
        where a.account_id = _account_id and a.placement_id = _response.placement_id and a.address = _address
            and a.visits > 0;
    end if;

    delete from public.response as f where f.account_id = _account_id and f.id = _id returning * into _response;
    if not found then
        return false;
    end if;
    perform fn.delete_response_parts(_account_id, array[_id]);
    if _response.counted_on is not null then  -- a test response has no count
        perform fn.add_response_tallies(
            array[_account_id], array[_response.placement_id], array[_response.option_no], array[_response.counted_on],
            array[-1], array[_response.reason_nos::text]
        );
    end if;
    return true;
end;
$$;

comment on function fn.delete_response is
'Deletes a response with its visit, so that the visitor may respond again, and its count on the day it was counted; where the
visitor does, _address is the hash of theirs. False if it was deleted already.';
