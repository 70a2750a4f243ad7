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
    _count bigint;
    _more boolean;
    _left uuid[];
    _faults text[] := '{}';
    _started timestamptz;
begin
    foreach _name in array _names loop
        select j.* into strict _job from fn.account_job as j where j.name = _name;
        _left := '{}';
        loop
            _more := false;
            for _account_id, _work in execute format('select * from %s', _job.accounts) using null, _at loop
                continue when _account_id = any (_left);
                _started := clock_timestamp();
                -- What a crash takes back has its marks back as well: nothing waits for its flush to disk.
                set local synchronous_commit = off;
                -- Not a function's setting, because Citus has its nodes do the same.
                set local lock_timeout = '2s';
                begin
                    -- Whoever has the account does all of its work.
                    if pg_try_advisory_xact_lock(hashtext(_job.name), hashtext(_account_id::text)) then
                        execute 'select ' || _job.work into _count using _account_id, _at, _work;
                        done := done + coalesce(_count, 0);
                        _more := _more or coalesce(_count >= _job.batch, false);
                    else
                        _left := _left || _account_id;
                    end if;
                exception
                    when lock_not_available then
                        _left := _left || _account_id;  -- for the next run
                    when others then
                        _left := _left || _account_id;
                        _faults := _faults || format('%s of account %s: %s', _job.name, _account_id, sqlerrm);
                end;
                commit;
                if _job.rests then
                    -- On few cores half of one is left to the responses that arrive meanwhile.
                    perform pg_sleep(least(extract(epoch from clock_timestamp() - _started), 0.1));
                end if;
            end loop;
            exit when not _more;
        end loop;
        if _job.finish is not null and _left = '{}' then
            execute 'select ' || _job.finish using null, _at;
        end if;
        commit;
    end loop;
    if _faults <> '{}' then
        raise exception '% accounts failed. %', cardinality(_faults), array_to_string(_faults[:5], '; ');
    end if;
end;
$$;

comment on procedure fn.run_by_account is
'Does the work of each of these jobs (fn.account_job) for one account after the other, each in its own transaction: none is of
two tenants, and several schedulers share the accounts. An account that is locked for two seconds is left for the next run; a
fault of one stops no other, and is raised at the end. Returns how much work was done.';
