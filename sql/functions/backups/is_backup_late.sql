create function fn.is_backup_late(_expected_since timestamptz, _made_at timestamptz, _now timestamptz) returns boolean
language sql immutable parallel safe
return coalesce(greatest(_expected_since, _made_at) < _now - interval '36 hours', false);

comment on function fn.is_backup_late is
'Whether there should be a newer backup than the one of _made_at: it is older than 36 hours. False where backups are not set up.';
