create function fn.lock_close(_account_id uuid) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    -- The previous version takes the first alone and for itself.
    perform pg_advisory_xact_lock_shared(hashtext('fn.close_periods'));
    perform pg_advisory_xact_lock(hashtext('fn.close_periods'), hashtext(_account_id::text));
end;
$$;

comment on function fn.lock_close is 'Lets only one transaction at a time close or open periods of an account, until it ends.';
