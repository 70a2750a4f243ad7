-- Called by jobs as caller.
create procedure fn.refresh_stats(_now timestamptz default null)
language plpgsql
as $$
declare
    _at timestamptz := coalesce(_now, now());
    _started timestamptz;
begin
    -- Held by the session, through the commits below; a second one gives up. Where a step fails it goes with the session.
    if not pg_try_advisory_lock(hashtext('fn.refresh_stats')) then
        return;
    end if;
    while fn.roll_windows(_at) > 0 loop
        commit;
    end loop;
    commit;
    perform fn.gather_tally_changes(_at);
    commit;
    -- In small steps, so that responses that arrive for a page wait for its step and not for all of them.
    -- None waits for its flush to disk either: what a crash takes back of them is passed on again.
    loop
        perform set_config('synchronous_commit', 'off', true);
        _started := clock_timestamp();
        exit when fn.roll_up_tallies() = 0;
        commit;
        -- It rests as long as it has worked: on few cores half of one is left to the responses that arrive meanwhile.
        perform pg_sleep(least(extract(epoch from clock_timestamp() - _started), 0.1));
    end loop;
    commit;
    perform fn.emit_votes(_at);
    commit;
    perform pg_advisory_unlock(hashtext('fn.refresh_stats'));
end;
$$;

comment on procedure fn.refresh_stats is
'Brings days, windows and scores up to date with the tallies. What it costs follows what changed, not what there is.';
