-- Called by jobs as installation.
create function fn.changed_accounts() returns setof uuid
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return query select distinct c.account_id from public.tally_change as c;
end;
$$;

comment on function fn.changed_accounts is 'Accounts with daily tallies to roll up (fn.roll_up_tallies).';
