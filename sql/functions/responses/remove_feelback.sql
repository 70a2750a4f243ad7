-- Called by ingest, panel as installation.
create function fn.remove_feelback(_account_id uuid, _id uuid) returns boolean
language plpgsql volatile
set search_path = ''
as $$
declare
    _feelback public.feelback;
    _address bytea;
begin
    select * into _feelback from public.feelback as f where f.account_id = _account_id and f.id = _id;
    if not found then
        return false;
    end if;

    delete from public.visit as v
    where v.account_id = _account_id and v.fold_key = _feelback.fold_key and v.feelback_id = _id
    returning v.address into _address;
    update public.address_visit as a
    set visits = a.visits - 1
    where a.account_id = _account_id and a.content_id = _feelback.content_id and a.address = _address
        and a.visits > 0;

    delete from public.feelback as f where f.account_id = _account_id and f.id = _id returning * into _feelback;
    if not found then
        return false;
    end if;
    delete from public.message_state as m where m.account_id = _account_id and m.feelback_id = _id;
    delete from public.feelback_edit as e where e.account_id = _account_id and e.feelback_id = _id;
    if _feelback.counted_on is not null then  -- a test signal has no count
        perform fn.add_tallies(
            array[_account_id], array[_feelback.content_id], array[_feelback.option_no], array[_feelback.counted_on],
            array[-1]
        );
    end if;
    return true;
end;
$$;

comment on function fn.remove_feelback is
'Takes one signal back: its row, its visit (so that the visitor may signal anew) and its count on the day it was counted
on. False where it was gone already.';
