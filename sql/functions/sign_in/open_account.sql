create function fn.open_account(_person_id uuid, _name text, _now timestamptz default now()) returns uuid
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    _account_id uuid;
    _new_name text := fn.check_account_name(_name);
begin
    perform pg_advisory_xact_lock(hashtext('fn.default_account'));
    if exists (select 1 from public.person as p where p.id = _person_id and p.is_operator) then
        _account_id := fn.unowned_account();
    end if;
    if _account_id is not null then
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
'Creates an account that a person owns. An operator gets the account of the command line, with what it has created in it.';
