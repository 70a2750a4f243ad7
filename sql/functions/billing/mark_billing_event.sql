-- Called by jobs as installation.
create function fn.mark_billing_event(
    _id text, _attempt integer, _outcome text, _error text default null, _now timestamptz default now()
) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _is_over boolean := _outcome is not null or _attempt >= 16 and not exists (
        -- Money may be taken until this is done: it is never given up.
        select 1 from public.billing_event as e where e.id = _id and e.type like 'account.%'
    );
begin
    update public.billing_event as e
    set outcome = case when _is_over then coalesce(_outcome, 'failed') end,
        done_at = case when _is_over then _now end,
        last_error = _error,
        next_at = _now + least(interval '5 seconds' * 2 ^ least(_attempt - 1, 12), interval '6 hours')
    where e.id = _id and e.attempts = _attempt and e.outcome is null;
end;
$$;

comment on function fn.mark_billing_event is
'Records the outcome of an event; null tries it again after 5, 10, 20, … seconds, at most 6 hours, for about a day, and without end where an account is deleted. The nightly
comparison makes up for events that fail for good.';
