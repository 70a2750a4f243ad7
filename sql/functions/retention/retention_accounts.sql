-- Called by jobs as installation.
create function fn.retention_accounts() returns setof uuid
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    select distinct p.account_id from public.project as p
    where p.retention_days is not null or p.retained_from is not null or exists (select 1 from public.billing as b where b.is_on);
end;
$$;

comment on function fn.retention_accounts is 'Accounts with projects whose responses are not kept for good (fn.start_retention).';
