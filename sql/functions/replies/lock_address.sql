create function fn.lock_address(_account_id uuid, _address_hash bytea) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    perform pg_advisory_xact_lock(hashtextextended(_account_id::text || encode(_address_hash, 'hex'), 280));
end;
$$;

comment on function fn.lock_address is
'Serializes replies to an address and its opt-out, so that no reply is queued that the opt-out does not stop.';
