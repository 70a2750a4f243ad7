-- Called by jobs as caller.
create procedure fn.reconcile(
    _now timestamptz default null, _is_due_only boolean default false, inout differed bigint default 0,
    inout checked bigint default 0, inout failed integer default 0
)
language plpgsql
as $$
declare
    _at timestamptz := coalesce(_now, now());
    _until timestamptz := clock_timestamp() + interval '10 minutes';
    _is_distributed boolean := fn.is_distributed();
    _project record;
    _step record;
    _result record;
    _checked bigint;
    _differed bigint;
    _error text;
    _last_error text;
begin
    checked := 0;
    differed := 0;
    failed := 0;
    -- Held by the session, through the commits below.
    if not _is_due_only then
        perform pg_advisory_lock(hashtext('fn.reconcile'));
    elsif not pg_try_advisory_lock(hashtext('fn.reconcile')) then
        return;
    end if;
    for _project in select * from fn.due_projects(_at, _is_due_only) loop
        _checked := 0;
        _differed := 0;
        _error := null;
        for _step in select * from fn.reconcile_steps(_project.account_id, _project.project_id, _at) loop
            for _attempt in 1..10 loop
                -- On Citus a statement that calls functions reads by several, which see the same only so.
                if _is_distributed then
                    commit;
                    set transaction isolation level repeatable read;
                end if;
                begin
                    select * into _result from fn.reconcile_step(
                        _project.account_id, _project.project_id, _step.table_name, _step.first_day, _step.last_day, _at
                    );
                    _checked := _checked + _result.checked;
                    _differed := _differed + _result.differed;
                    exit;
                exception when others then  -- the other steps and projects go on
                    -- It is done again where what was to be corrected was changed meanwhile.
                    if sqlstate <> '40001' or _attempt = 10 then
                        _error := format('%s: %s', _step.table_name, sqlerrm);
                        exit;
                    end if;
                end;
            end loop;
            commit;
        end loop;
        perform fn.add_reconcile_result(_project.account_id, _project.project_id, _at, _checked, _differed, _error);
        commit;
        checked := checked + _checked;
        differed := differed + _differed;
        failed := failed + (_error is not null)::integer;
        _last_error := coalesce(_error, _last_error);
        exit when _is_due_only and clock_timestamp() > _until;
    end loop;
    perform pg_advisory_unlock(hashtext('fn.reconcile'));
    commit;
    if _is_due_only and failed > 0 then
        raise exception '% projects could not be reconciled; the last: %', failed, _last_error;
    end if;
end;
$$;

comment on procedure fn.reconcile is
'Compares every aggregate of every project with its recount from the responses, and corrects and records what differs: month by
month and table by table, each in a transaction of its own. As a job (_is_due_only) it takes the projects that have not been
reconciled for a day, those first that have waited longest, for ten minutes. Returns how many rows differed, how many were
compared, and of how many projects a part could not be compared.';
