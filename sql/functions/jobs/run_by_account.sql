-- Called by jobs as caller.
create procedure fn.run_by_account(_names text[], _now timestamptz default null, inout done bigint default 0)
language plpgsql
as $$
declare
    _at timestamptz := coalesce(_now, now());
    _name text;
    _job fn.account_job;
    _account_id uuid;
    _work jsonb;
    _again uuid[];
    _again_work jsonb[];
    _locked uuid[];
    _locked_work jsonb[];
    _left uuid[];
    _count bigint;
    _more boolean;
    _faults text[] := '{}';
    _started timestamptz;
    _worked double precision;
begin
    foreach _name in array _names loop
        select j.* into strict _job from fn.account_job as j where j.name = _name;
        _left := '{}';
        _locked := '{}';
        _locked_work := '{}';
        _worked := 0;
        for _attempt in 1..2 loop
            _again := _locked;
            _again_work := _locked_work;
            _locked := '{}';
            _locked_work := '{}';
            loop
                _more := false;
                for _account_id, _work in
                    execute case _attempt
                        when 1 then format('select * from %s', _job.accounts) else 'select * from unnest($3, $4)'
                    end using null, _at, _again, _again_work
                loop
                    continue when _account_id = any (_left || _locked);
                    -- Several batches, so that not each costs a look at all accounts.
                    for _batch in 1..20 loop
                        _started := clock_timestamp();
                        if _job.finish is null then
                            -- What a crash takes back has its marks back as well: nothing waits for its flush to disk.
                            set local synchronous_commit = off;
                        end if;
                        -- Not a function's setting, because Citus has its nodes do the same.
                        if _attempt = 1 then
                            set local lock_timeout = '2s';
                        else
                            set local lock_timeout = '10s';
                        end if;
                        _count := null;
                        begin
                            -- Whoever has the account does all of its work.
                            if pg_try_advisory_xact_lock(hashtext(_job.name), hashtext(_account_id::text)) then
                                execute 'select ' || _job.work into _count using _account_id, _at, _work;
                                done := done + coalesce(_count, 0);
                            else
                                _left := _left || _account_id;
                            end if;
                        exception
                            when lock_not_available or deadlock_detected then
                                _locked := _locked || _account_id;
                                _locked_work := _locked_work || _work;
                            when others then
                                _left := _left || _account_id;
                                _faults := _faults || format('%s of account %s: %s', _job.name, _account_id, sqlerrm);
                        end;
                        commit;
                        _worked := _worked + extract(epoch from clock_timestamp() - _started);
                        if _job.rests and _worked > 0.02 then
                            -- On few cores half of one is left to the responses that arrive meanwhile.
                            perform pg_sleep(least(_worked, 0.1));
                            _worked := 0;
                        end if;
                        exit when coalesce(_count < _job.batch, true);
                    end loop;
                    _more := _more or coalesce(_count >= _job.batch, false);
                end loop;
                exit when not _more;
            end loop;
            exit when _locked = '{}';
        end loop;
        foreach _account_id in array _locked loop
            _faults := _faults || format('%s of account %s: another transaction has locked it', _job.name, _account_id);
        end loop;
        if _job.finish is not null then
            set local lock_timeout = '2s';
            begin
                execute 'select ' || _job.finish using _left || _locked = '{}', _at;
            exception when lock_not_available then
                null;  -- the next run looks at the same once more
            end;
            commit;
        end if;
    end loop;
    if _faults <> '{}' then
        raise exception '% accounts failed. %', cardinality(_faults), array_to_string(_faults[:5], '; ');
    end if;
end;
$$;

comment on procedure fn.run_by_account is
'Does the work of each of these jobs (fn.account_job) for one account after the other, each in its own transaction: none is of two
tenants. An account that is locked for two seconds is tried again at the end, for ten. A fault of one stops no other, and is raised at
the end, as is a lock. Two schedulers that run a job at the same time do each account once. Returns how much work was done.';
