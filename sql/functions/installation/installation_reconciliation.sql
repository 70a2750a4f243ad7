-- Called by app as installation.
create function fn.installation_reconciliation(_person_id uuid)
returns table (
    projects bigint, compared bigint, oldest_at timestamptz, checked bigint, differed bigint, differed_at timestamptz, failed bigint
)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    perform fn.allow_installation(_person_id);
    return query select * from fn.reconcile_state();
end;
$$;

comment on function fn.installation_reconciliation is
'fn.reconcile_state, for the operator. FB404 for everybody else.';
