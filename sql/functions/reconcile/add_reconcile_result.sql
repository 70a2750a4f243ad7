-- Called by jobs as installation.
create function fn.add_reconcile_result(
    _account_id uuid, _project_id uuid, _started_at timestamptz, _checked bigint, _differed bigint, _error text
) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    insert into public.reconcile_result as r (
        account_id, project_id, started_at, checked_at, checked, differed, differed_at, error
    )
    select p.account_id, p.id, _started_at, case when _error is null then _started_at end,
        case when _error is null then _checked else 0 end, case when _error is null then _differed else 0 end,
        case when _differed > 0 then _started_at end, left(_error, 500)
    from public.project as p
    where p.account_id = _account_id and p.id = _project_id
    on conflict (account_id, project_id) do update set
        started_at = excluded.started_at, error = excluded.error,
        checked_at = coalesce(excluded.checked_at, r.checked_at),
        checked = case when excluded.checked_at is null then r.checked else excluded.checked end,
        differed = case when excluded.checked_at is null then r.differed else excluded.differed end,
        differed_at = coalesce(excluded.differed_at, r.differed_at);
    if _error is null and _differed > 0 then
        perform fn.emit(
            _account_id, _project_id, 'reconcile.difference',
            jsonb_build_object('checked', _checked, 'differed', _differed), _started_at
        );
    end if;
end;
$$;

comment on function fn.add_reconcile_result is
'Stores how the reconciliation of a project ended; one that was not completed (_error) leaves the result of the last complete one.';
