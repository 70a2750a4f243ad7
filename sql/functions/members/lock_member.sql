create function fn.lock_member(_account_id uuid, _person_id uuid, out email text, out role text)
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    -- Changes of an account's members are serialized, each on the result of the one before.
    perform from public.account as a where a.id = _account_id for no key update;
    select p.email, m.role into lock_member.email, lock_member.role
    from public.member as m
    join public.person as p on p.id = m.person_id
    where m.account_id = _account_id and m.person_id = _person_id;
    if not found then
        raise exception 'There is no such member.' using errcode = 'FB404', hint = 'See the list of members.';
    end if;
end;
$$;

comment on function fn.lock_member is
'A member''s address and role; locks all memberships of the account until the transaction ends. FB404 for no such member.';
