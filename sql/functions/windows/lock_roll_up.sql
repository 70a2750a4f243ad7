create function fn.lock_roll_up(_account_id uuid) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    -- The previous version takes the first alone and for itself.
    perform pg_advisory_xact_lock_shared(hashtext('fn.roll_up_tallies'));
    perform pg_advisory_xact_lock(hashtext('fn.roll_up_tallies'), hashtext(_account_id::text));
end;
$$;

comment on function fn.lock_roll_up is
'Lets only one transaction at a time change the windows of an account, until it ends. Taken before any row, everywhere.';
