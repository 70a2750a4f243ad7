-- Called by jobs as installation.
create function fn.delete_old_holds(_account_id uuid, _now timestamptz default now()) returns bigint
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _ids uuid[];
begin
    with hold as (
        delete from public.merge_hold as h where h.account_id = _account_id and h.expires_at <= _now
        returning h.id
    )
    select array_agg(h.id) into _ids from hold as h;
    perform fn.delete_response_parts(_account_id, _ids);
    return coalesce(cardinality(_ids), 0);
end;
$$;

comment on function fn.delete_old_holds is
'Deletes the responses that merges of an account hold, with what was stored beside them, once the merges can no longer be
undone; returns how many.';
