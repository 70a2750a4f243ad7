-- Called by jobs, owner as installation.
create function fn.record_drill(
    _name text, _seconds double precision, _rows bigint, _differed bigint, _error text, _now timestamptz default now()
) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _previous text;
begin
    select b.drill_error into _previous from public.backup_state as b for update;
    update public.backup_state as b
    set drill_at = coalesce(b.drill_at, _now), drill_ended_at = _now, drill_name = _name, drill_seconds = _seconds,
        drill_rows = _rows, drill_differed = _differed, drill_error = left(_error, 500);
    if (_error is null) <> (_previous is null) then
        perform fn.mail_operators('backup_notice', jsonb_build_object(
            'event', case when _error is null then 'restored' else 'not_restored' end, 'made_at', '',
            'name', coalesce(_name, ''), 'error', coalesce(_error, '')
        ), _now);
    end if;
end;
$$;

comment on function fn.record_drill is
'Records the result of a restore drill; _rows is null if the backup could only be verified, _error if it succeeded. Operators
get a mail when one fails, and when one succeeds again.';
