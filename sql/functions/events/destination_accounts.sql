-- Called by jobs as installation.
create function fn.destination_accounts(_event text) returns setof uuid
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    select distinct d.account_id from public.destination as d where d.disabled_at is null and _event = any (d.events);
end;
$$;

comment on function fn.destination_accounts is 'Accounts with destinations that take an event.';
