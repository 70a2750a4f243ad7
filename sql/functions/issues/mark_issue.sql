-- Called by jobs as installation.
create function fn.mark_issue(
    _account_id uuid, _id uuid, _attempt integer, _problem text, _is_final boolean, _is_revoked boolean,
    _retry_after double precision, _number text, _url text, _is_closed boolean, _now timestamptz default now()
) returns text
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _most constant integer := 12;
    _issue public.issue;
    _state text;
    _wait interval;
    _next_at timestamptz;
    _retry_at timestamptz;
begin
    -- The tracker before its issues, as everywhere.
    perform from public.tracker as t
    join public.issue as i on i.account_id = t.account_id and i.project_id = t.project_id
    where i.account_id = _account_id and i.id = _id
    for update of t;
    select * into _issue from public.issue as i
    where i.account_id = _account_id and i.id = _id and i.attempts = _attempt
    for update;
    if not found then
        return 'lost';
    end if;
    update public.tracker as t set claimed_until = null
    where t.account_id = _account_id and t.project_id = _issue.project_id;
    if _problem is null then
        _state := case when _is_closed then 'closed' else 'open' end;
        -- The forge may have said meanwhile that its state has changed.
        _next_at := case when _issue.next_at < _issue.attempted_at + interval '5 minutes' then _issue.next_at end;
        update public.issue as i
        set state = _state, number = _number, url = _url, problem = null, failures = 0, next_at = _next_at
        where i.account_id = _account_id and i.id = _id;
        if (_issue.state = 'closed') <> _is_closed then
            perform fn.update_issue_triage(
                _account_id, _issue.project_id, _issue.response_id, case when _is_closed then 'resolved' else 'in_progress' end,
                _url, _now
            );
        end if;
        return _state;
    end if;
    _is_final := _is_final or _is_revoked or _issue.failures + 1 >= _most;
    _wait := least(interval '30 seconds' * 2 ^ _issue.failures, interval '4 hours') * (0.8 + 0.4 * random());
    if _retry_after is not null then
        _retry_at := _now + make_interval(secs => least(_retry_after, 86400));
        _wait := greatest(_wait, make_interval(secs => least(_retry_after, 86400)));
    end if;
    _next_at := case when not _is_final then _now + _wait end;
    update public.tracker as t
    set revoked_at = case when _is_revoked then _now else t.revoked_at end,
        retry_at = coalesce(_retry_at, t.retry_at)
    where t.account_id = _account_id and t.project_id = _issue.project_id;
    update public.issue as i
    set state = case when _is_final and i.number is null then 'failed' else i.state end, problem = left(_problem, 50),
        failures = i.failures + 1, next_at = _next_at
    where i.account_id = _account_id and i.id = _id;
    return case when _is_final then 'failed' else 'waiting' end;
end;
$$;

comment on function fn.mark_issue is
'Records an attempt, failed if it had a _problem, and returns what the issue is now: open, closed, waiting for the next attempt, failed,
or lost to another worker, whose attempt has a later number. One that was closed resolves its messages, one that was opened again sets
them in progress. It is tried twelve times in about a day, not before _retry_after seconds, and not at all once the token _is_revoked.';
