create function fn.catch_up_windows(_account_id uuid, _project_id uuid, _today date) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _roll public.project_roll;
    _day date;
begin
    select * into _roll
    from public.project_roll as r
    where r.account_id = _account_id and r.project_id = _project_id;
    perform fn.reopen_periods(_account_id, _project_id, _today);
    if _roll.counted_until is null or _roll.through > _today then
        perform fn.rebuild_windows(_account_id, _project_id, _today);
        return;
    end if;
    for _day in select generate_series(_roll.through + 1, _today, '1 day')::date loop
        perform fn.shift_windows(_account_id, _project_id, _day);
    end loop;
end;
$$;

comment on function fn.catch_up_windows is
'Moves the windows of a project to its today, day by day. Where they are ahead of it, because the clock was wrong or the project
moved to a zone further west, they are rebuilt.';
