-- Called by app as account.
create function fn.member(_account_id uuid, _person_id uuid)
returns table (person_id uuid, email text, role text, created_at timestamptz, is_actor boolean)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
    perform fn.allow(_account_id, 'viewer');
    return query
    select m.person_id, m.email, m.role, m.created_at, m.is_actor
    from fn.members(_account_id, '', null, 0) as m
    where m.person_id = _person_id;
    if not found then
        raise exception 'There is no such member.' using errcode = 'FB404', hint = 'See the list of members.';
    end if;
end;
$$;

comment on function fn.member is 'A member of an account; FB404 for no such member.';
