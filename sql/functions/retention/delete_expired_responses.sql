-- Called by jobs as caller.
create procedure fn.delete_expired_responses(
    _now timestamptz default null, _limit integer default 50, inout deleted bigint default 0, inout dropped integer default 0
)
language plpgsql
as $$
declare
    _at timestamptz := coalesce(_now, now());
    _project record;
    _batch record;
    _after_id uuid;
    _deleted bigint;
    _day date;
    _started timestamptz;
begin
    deleted := 0;
    for _project in select * from fn.start_retention(_at) loop
        _after_id := _project.after_id;
        _deleted := 0;
        _day := null;
        loop
            -- What a crash takes back is deleted by the next run: no batch waits for its flush to disk.
            perform set_config('synchronous_commit', 'off', true);
            _started := clock_timestamp();
            select * into _batch
            from fn.delete_expired_batch(
                _project.account_id, _project.project_id, _after_id, _project.before_id, _limit, coalesce(_now, now())
            );
            _deleted := _deleted + _batch.deleted;
            if _batch.last_on > _day then
                -- A run that is cut off goes on from here. By five days ids, days and clocks never differ.
                perform fn.record_retention(_project.account_id, _project.project_id, _batch.last_on - 5, _deleted, _at);
            end if;
            commit;
            exit when _batch.last_id is null;
            _after_id := _batch.last_id;
            _day := _batch.last_on;
            -- It works a sixtieth of the time: a response that arrives meanwhile seldom meets a batch, and one that does
            -- waits a few milliseconds. The busier the server is, the longer a batch takes, and the longer it rests.
            perform pg_sleep(least(59 * extract(epoch from clock_timestamp() - _started), 5));
        end loop;
        perform fn.finish_retention(_project.account_id, _project.project_id, _deleted, _at);
        commit;
        deleted := deleted + _deleted;
    end loop;
    dropped := fn.drop_empty_months(_at);
    commit;
end;
$$;

comment on procedure fn.delete_expired_responses is
'Deletes all responses older than their project''s or plan''s retention, however many, in batches of about _limit that commit by
themselves, with pauses, and drops months that are empty by then. Counts stay. Returns how many responses were deleted and how many
months dropped.';
