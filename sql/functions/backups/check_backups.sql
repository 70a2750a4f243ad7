-- Called by jobs, owner as installation.
create function fn.check_backups(_now timestamptz default now()) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _state public.backup_state;
    _is_late boolean;
begin
    select * into _state from public.backup_state for update;
    _is_late := fn.is_backup_late(_state.expected_since, _state.made_at, _now);
    if _is_late is distinct from (_state.late_since is not null) then
        update public.backup_state set late_since = case when _is_late then _now end;
        perform fn.mail_operators('backup_notice', jsonb_build_object(
            'event', case when _is_late then 'late' else 'made' end,
            'made_at', coalesce(fn.mail_time(_state.made_at), ''), 'name', coalesce(_state.name, ''),
            'error', coalesce(_state.error, '')
        ), _now);
    end if;
end;
$$;

comment on function fn.check_backups is
'Mails operators once when there is no good backup of the last 36 hours, and once when there is one again.';
