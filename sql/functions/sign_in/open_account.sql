create function fn.open_account(_person_id uuid, _name text, _now timestamptz default now()) returns uuid
language plpgsql volatile
set search_path = ''
as $$
#variable_conflict use_column
declare
    _account_id uuid;
    _new_name text := fn.check_account_name(_name);
begin
    perform pg_advisory_xact_lock(hashtext('fn.default_account'));
    if fn.is_fresh() then
        _account_id := fn.default_account(_now);
        update public.account set name = _new_name where id = _account_id;
    else
        _account_id := fn.uuid_v7(_now);
        insert into public.account (id, name, created_at) values (_account_id, _new_name, _now);
    end if;
    insert into public.member (account_id, person_id, role, created_at) values (_account_id, _person_id, 'owner', _now);
    perform fn.add_audit_entry(_account_id, 'account.created', _new_name, _person_id => _person_id, _now => _now);
    return _account_id;
end;
$$;

comment on function fn.open_account is
'Creates an account that a person owns. The first person of an installation gets its first account, with what the command line
has created in it.';
