create function fn.catch_up_windows(_account_id uuid, _project_id uuid, _today date) returns integer
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _through date;
    _day date;
    _shifted integer := 0;
begin
    perform pg_advisory_xact_lock(hashtext('fn.roll_up_tallies'));
    select r.through into _through from public.project_roll as r
    where r.account_id = _account_id and r.project_id = _project_id;
    if _through is null or _through > _today then
        perform fn.rebuild_windows(_account_id, _project_id, _today);
        return 0;
    end if;
    for _day in select generate_series(_through + 1, _today, '1 day')::date loop
        perform fn.shift_windows(_account_id, _project_id, _day);
        _shifted := _shifted + 1;
    end loop;
    return _shifted;
end;
$$;

comment on function fn.catch_up_windows is
'Moves the windows of a project to its today, day by day; returns how many days. Where they are ahead of it, because the clock was
wrong or the project moved to a zone further west, they are rebuilt.';
