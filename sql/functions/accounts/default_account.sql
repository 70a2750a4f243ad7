-- Called by owner as caller.
create function fn.default_account(_now timestamptz default now()) returns uuid
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _id uuid;
begin
    perform pg_advisory_xact_lock(hashtext('fn.default_account'));
    _id := fn.first_account();
    if _id is null then
        _id := fn.uuid_v7(_now);
        insert into public.account (id, name, created_at) values (_id, 'Main', _now);
    end if;
    return _id;
end;
$$;

comment on function fn.default_account is
'The account of the command line (fn.first_account), created without members if there is none.';
