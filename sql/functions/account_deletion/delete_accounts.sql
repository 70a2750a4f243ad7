-- Called by jobs as installation.
create function fn.delete_accounts(_now timestamptz default now()) returns bigint
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _id uuid;
    _deleted bigint := 0;
begin
    -- What was on its way while an account went has arrived by now.
    for _id in select d.id from public.deleted_account as d where d.deleted_at < _now - interval '1 hour' loop
        perform fn.purge_account(_id);
        delete from public.deleted_account as d where d.id = _id;
    end loop;
    -- One at a time: the rest waits for the next run, rather than all of them for the largest.
    select a.id into _id from public.account as a
    where a.deletion_at <= _now and a.id is distinct from fn.first_account()
    order by a.deletion_at
    limit 1
    for update;
    if found then
        perform fn.delete_account(_id, _now);
        _deleted := 1;
    end if;
    return _deleted;
end;
$$;

comment on function fn.delete_accounts is
'Deletes the account whose 14 days ended first; returns 1, or 0 if there is none. An hour later it deletes rows that arrived in
the meantime.';
