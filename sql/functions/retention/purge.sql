-- Called by jobs as caller.
create procedure fn.purge(_job text, _now timestamptz default null)
language plpgsql
as $$
declare
    _at timestamptz := coalesce(_now, now());
    _limit constant integer := 5000;
    _deleted bigint := 0;
begin
    if exists (select 1 from fn.account_job as j where j.name = _job) then
        call fn.run_by_account(array[_job], _at, _deleted);
        return;
    end if;
    -- Each batch commits by itself, so that others wait for one batch at most.
    loop
        exit when fn.purge_batch(_job, _at, _limit) < _limit;
        commit;
    end loop;
    commit;
end;
$$;

comment on procedure fn.purge is 'Deletes everything that is old enough by a rule of fn.purge_rule, in small batches.';
