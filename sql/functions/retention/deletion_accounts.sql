-- Called by jobs as installation.
create function fn.deletion_accounts(_now timestamptz) returns setof uuid
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    select distinct d.account_id from public.deletion as d where d.requested_at < _now - interval '15 seconds';
end;
$$;

comment on function fn.deletion_accounts is 'Accounts with deletions to continue (fn.continue_deletions).';
