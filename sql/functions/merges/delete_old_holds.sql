-- Called by jobs as installation.
create function fn.delete_old_holds(_account_id uuid, _now timestamptz default now()) returns bigint
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _deleted bigint;
begin
    with hold as (
        delete from public.merge_hold as h where h.account_id = _account_id and h.expires_at <= _now
        returning h.id
    ), message as (
        delete from public.message_state as m
        using hold as h
        where m.account_id = _account_id and m.response_id = h.id
    )
    select count(*) into _deleted from hold;
    return _deleted;
end;
$$;

comment on function fn.delete_old_holds is
'Deletes the responses that merges of an account hold, and what members made of their words, once the merges can no longer be
undone; returns how many.';
