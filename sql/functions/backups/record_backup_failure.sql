-- Called by owner as caller.
create function fn.record_backup_failure(_error text, _now timestamptz default now()) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    update public.backup_state as b
    set expected_since = coalesce(b.expected_since, _now), failed_at = _now, error = left(_error, 500);
end;
$$;

comment on function fn.record_backup_failure is
'Records why a backup failed. Operators are told once there is none of the last 36 hours.';
