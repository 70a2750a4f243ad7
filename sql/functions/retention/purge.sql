-- Called by jobs as caller.
create procedure fn.purge(_job text, _now timestamptz default null)
language plpgsql
as $$
declare
    _at timestamptz := coalesce(_now, now());
    _limit constant integer := 5000;
begin
    -- Each batch commits by itself, so that others wait for one batch at most.
    loop
        exit when fn.purge_batch(_job, _at, _limit) < _limit;
        commit;
    end loop;
    commit;
end;
$$;

comment on procedure fn.purge is 'Deletes everything that is old enough by a rule of fn.purge_rule, in small batches.';
