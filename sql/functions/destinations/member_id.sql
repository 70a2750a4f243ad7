create function fn.member_id(_account_id uuid, _email text) returns uuid
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
    _id uuid;
begin
    select n.id into _id
    from public.member as m
    join public.person as n on n.id = m.person_id
    where m.account_id = _account_id and lower(n.email) = lower(trim(_email));
    if not found then
        raise exception 'The recipient must be a member of the account, by their email address.' using errcode = 'FB422',
            hint = 'Invite them first.';
    end if;
    return _id;
end;
$$;

comment on function fn.member_id is 'The member with this email address. FB422 if there is none.';
