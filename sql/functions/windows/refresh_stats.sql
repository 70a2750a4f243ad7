-- Called by jobs as caller.
create procedure fn.refresh_stats(_now timestamptz default null)
language plpgsql
as $$
declare
    _at timestamptz := coalesce(_now, now());
    _done bigint := 0;
begin
    -- Held by the session, through the commits below; a second one gives up. Where a step fails it goes with the session.
    if not pg_try_advisory_lock(hashtext('fn.refresh_stats')) then
        return;
    end if;
    -- In small steps, so that responses that arrive for a page wait for its step and not for all of them.
    call fn.run_by_account('{roll windows, gather tally changes, roll up tallies}', _at, _done);
    perform pg_advisory_unlock(hashtext('fn.refresh_stats'));
end;
$$;

comment on procedure fn.refresh_stats is
'Brings days, windows and scores up to date with the tallies. What it costs follows what changed, not what there is.';
