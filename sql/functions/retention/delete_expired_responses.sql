-- Called by jobs as caller.
create procedure fn.delete_expired_responses(
    _now timestamptz default null, _limit integer default 50, inout deleted bigint default 0, inout dropped integer default 0
)
language plpgsql
as $$
declare
    _at timestamptz := coalesce(_now, now());
    _account_id uuid;
    _project_ids uuid[];
    _after_ids uuid[];
    _before_ids uuid[];
    _project record;
    _batch record;
    _after_id uuid;
    _deleted bigint;
    _day date;
    _started timestamptz;
    _error text;
    _is_locked boolean;
    _locks integer;
    _faults text[] := '{}';
begin
    deleted := 0;
    for _account_id in select * from fn.retention_accounts() loop
        _project_ids := null;
        set local lock_timeout = '2s';
        begin
            select array_agg(p.project_id), array_agg(p.after_id), array_agg(p.before_id)
            into _project_ids, _after_ids, _before_ids
            from fn.start_retention(_account_id, _at) as p;
        exception when others then  -- the other accounts go on
            _faults := _faults || format('account %s: %s', _account_id, sqlerrm);
        end;
        commit;
        for _project in
            select * from unnest(_project_ids, _after_ids, _before_ids) as p (id, after_id, before_id) where id is not null
        loop
            _after_id := _project.after_id;
            _deleted := 0;
            _day := null;
            _error := null;
            _locks := 0;
            loop
                -- What a crash takes back is deleted by the next run: no batch waits for its flush to disk.
                set local synchronous_commit = off;
                set local lock_timeout = '2s';
                _started := clock_timestamp();
                _is_locked := false;
                begin
                    select * into _batch
                    from fn.delete_expired_batch(
                        _account_id, _project.id, _after_id, _project.before_id, _limit, coalesce(_now, now())
                    );
                    if _batch.last_id is null then
                        perform fn.finish_retention(_account_id, _project.id, _deleted + _batch.deleted, _at);
                    elsif _batch.last_on > _day then
                        -- A run that is cut off goes on from here. By five days ids, days and clocks never differ.
                        perform fn.record_retention(
                            _account_id, _project.id, _batch.last_on - 5, _deleted + _batch.deleted, _at
                        );
                    end if;
                exception
                    when lock_not_available or deadlock_detected then
                        _is_locked := true;
                        _locks := _locks + 1;
                        if _locks = 5 then
                            _error := 'another transaction has locked it';
                        end if;
                    when others then
                        _error := sqlerrm;
                end;
                commit;
                continue when _is_locked and _error is null;
                exit when _error is not null;
                _deleted := _deleted + _batch.deleted;
                exit when _batch.last_id is null;
                _locks := 0;
                _after_id := _batch.last_id;
                _day := _batch.last_on;
                -- It works a sixtieth of the time: a response that arrives meanwhile seldom meets a batch, and one that does
                -- waits a few milliseconds. The busier the server is, the longer a batch takes, and the longer it rests.
                perform pg_sleep(least(59 * extract(epoch from clock_timestamp() - _started), 5));
            end loop;
            if _error is not null then
                _faults := _faults || format('project %s of account %s: %s', _project.id, _account_id, _error);
            end if;
            deleted := deleted + _deleted;
        end loop;
    end loop;
    dropped := fn.drop_empty_months(_at);
    commit;
    if _faults <> '{}' then
        raise exception '% projects failed. %', cardinality(_faults), array_to_string(_faults[:5], '; ');
    end if;
end;
$$;

comment on procedure fn.delete_expired_responses is
'Deletes all responses older than their project''s or plan''s retention, however many, in batches of about _limit that commit by
themselves, with pauses, and drops months that are empty by then. Counts stay. A fault of one project stops no
other, and is raised at the end. Returns how many responses were deleted and how many
months dropped.';
