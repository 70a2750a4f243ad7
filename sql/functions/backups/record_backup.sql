-- Called by owner as caller.
create function fn.record_backup(_made_at timestamptz, _name text, _bytes bigint, _row_count bigint) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    update public.backup_state as b
    set expected_since = coalesce(b.expected_since, _made_at), made_at = _made_at, name = _name, bytes = _bytes,
        row_count = _row_count, failed_at = null, error = null
    where b.made_at is null or b.made_at <= _made_at;
    perform fn.check_backups();
    perform pg_notify('backup', '');
end;
$$;

comment on function fn.record_backup is 'Records a verified backup of the moment _made_at, and tells workers, which may have to restore it.';
