-- Called by app as installation.
create function fn.installation_backups(_person_id uuid, _now timestamptz default now())
returns table (
    is_expected boolean, made_at timestamptz, name text, bytes bigint, row_count bigint, failed_at timestamptz, error text,
    is_late boolean, drill_ended_at timestamptz, drill_name text, drill_seconds double precision, drill_rows bigint,
    drill_differed bigint, drill_error text
)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    perform fn.allow_installation(_person_id);
    return query select * from fn.backup_state(_now);
end;
$$;

comment on function fn.installation_backups is 'fn.backup_state, for the operator. FB404 for everybody else.';
