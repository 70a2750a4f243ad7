-- Called by app as account.
create function fn.is_opted_out(_account_id uuid, _project_id uuid, _address_hash bytea) returns boolean
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    perform fn.allow(_account_id, 'viewer', _project_id, 'read_messages');
    return exists (
        select 1 from public.opt_out as o where o.account_id = _account_id and o.address_hash = _address_hash
    );
end;
$$;

comment on function fn.is_opted_out is 'Whether a visitor asked for no more mail from the account.';
