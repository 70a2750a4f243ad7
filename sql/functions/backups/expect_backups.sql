-- Called by jobs as installation.
create function fn.expect_backups(_are_expected boolean, _has_drills boolean, _now timestamptz default now()) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    update public.backup_state as b
    set expected_since = coalesce(b.expected_since, case when _are_expected then _now end), has_drills = _has_drills
    where b.has_drills <> _has_drills or b.expected_since is null and _are_expected;
end;
$$;

comment on function fn.expect_backups is
'Records whether BACKUP_URL is set, so that a missing backup is noticed, and whether the caller, a worker, restores the newest
each week. Once expected, backups stay so.';
