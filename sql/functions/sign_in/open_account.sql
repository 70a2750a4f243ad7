create function fn.open_account(_person_id uuid, _name text, _now timestamptz default now()) returns uuid
language plpgsql volatile
set search_path = ''
as $$
#variable_conflict use_column
declare
    _account_id uuid;
begin
    if char_length(trim(coalesce(_name, ''))) not between 1 and 200 then
        raise exception 'The name of the account must have 1 to 200 characters.' using errcode = 'FB422';
    end if;
    perform pg_advisory_xact_lock(hashtext('fn.default_account'));
    if fn.is_fresh() then
        _account_id := fn.default_account(_now);
        update public.account set name = trim(_name) where id = _account_id;
    else
        _account_id := fn.uuid_v7(_now);
        insert into public.account (id, name, created_at) values (_account_id, trim(_name), _now);
    end if;
    insert into public.member (account_id, person_id, role, created_at) values (_account_id, _person_id, 'owner', _now);
    return _account_id;
end;
$$;

comment on function fn.open_account is
'A new account that a person owns. The first person of an installation gets its first account, with what the command line
has made in it so far.';
