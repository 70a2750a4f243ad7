-- Called by app as installation.
create function fn.backup_state(_now timestamptz default now())
returns table (
    is_expected boolean, made_at timestamptz, name text, bytes bigint, row_count bigint, failed_at timestamptz, error text,
    is_late boolean, drill_ended_at timestamptz, drill_name text, drill_seconds double precision, drill_rows bigint,
    drill_differed bigint, drill_error text
)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    select b.expected_since is not null, b.made_at, b.name, b.bytes, b.row_count, b.failed_at, b.error,
        fn.is_backup_late(b.expected_since, b.made_at, _now), b.drill_ended_at, b.drill_name, b.drill_seconds, b.drill_rows,
        b.drill_differed, b.drill_error
    from public.backup_state as b;
end;
$$;

comment on function fn.backup_state is
'The last good backup, a failure since then, whether one is late, and the last restore drill. is_expected is whether backups
are set up.';
