-- Called by app as account.
create function fn.project_reconciliation(_account_id uuid, _project_id uuid)
returns table (checked_at timestamptz, checked bigint, differed bigint, differed_at timestamptz, is_complete boolean)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    perform fn.allow(_account_id, 'viewer', _project_id);
    return query
    select r.checked_at, r.checked, r.differed, r.differed_at, r.error is null
    from public.reconcile_result as r
    where r.account_id = _account_id and r.project_id = _project_id;
end;
$$;

comment on function fn.project_reconciliation is
'When the counts of a project were last compared with its responses, how many rows, how many of them differed and were corrected,
when one last did, and whether the last comparison was complete. No row before the first.';
