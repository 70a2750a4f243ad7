create function fn.create_account(_name text, _email text, _password_hash text, _now timestamptz default now())
returns table (account_id uuid, person_id uuid)
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    _account_id uuid := fn.uuid_v7(_now);
    _person_id uuid;
begin
    insert into public.person (id, email, password_hash, created_at, verified_at)
    values (fn.uuid_v7(_now), lower(trim(_email)), _password_hash, _now, _now)
    on conflict (lower(email)) do nothing
    returning id into _person_id;
    if _person_id is null then
        raise exception 'The address is in use.' using errcode = 'FB409', hint = 'Sign in with it.';
    end if;
    insert into public.account (id, name, created_at) values (_account_id, trim(_name), _now);
    insert into public.member (account_id, person_id, role, created_at)
    values (_account_id, _person_id, 'owner', _now);
    return query select _account_id, _person_id;
end;
$$;

comment on function fn.create_account is 'Creates an account with a new person as its owner; FB409 for an address in use.';
