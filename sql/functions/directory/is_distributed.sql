-- Called by ingest, jobs as caller.
create function fn.is_distributed() returns boolean
language sql stable
set search_path = pg_catalog, pg_temp
as $$
    select coalesce(current_setting('citus.propagate_set_commands', true) = 'local', false)
$$;

comment on function fn.is_distributed is
'Whether accounts are distributed over the nodes of a Citus cluster, which has that setting of feelback distribute. Then a batch is of one
account.';
