-- Called by jobs as installation.
create function fn.delete_people(_now timestamptz default now()) returns bigint
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _id uuid;
    _deleted bigint := 0;
begin
    for _id in select p.id from public.person as p where p.deletion_at <= _now order by p.id for update skip locked loop
        -- Every account needs its owner: people who own one by now stay, as does the only operator, and nobody transfers one to them meanwhile.
        perform from public.account as a
        where a.id in (select m.account_id from public.member as m where m.person_id = _id)
        order by a.id
        for no key update;
        if fn.owned_accounts(_id) is null and not fn.is_last_operator(_id) then
            perform fn.delete_person(_id, _now);
            _deleted := _deleted + 1;
        else
            update public.person as p set deletion_at = null, deletion_notified_at = null where p.id = _id;
        end if;
    end loop;
    return _deleted;
end;
$$;

comment on function fn.delete_people is
'Deletes people 14 days after they requested it; returns how many. Owners of an account and the only operator stay.';
