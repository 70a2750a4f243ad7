-- Called by owner as caller.
create function fn.replay_billing_events(_ids text[], _since timestamptz default null, _now timestamptz default clock_timestamp())
returns integer
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _count integer;
begin
    -- As if they came now: that Stripe was asked since they first came is no reason not to.
    update public.billing_event as e
    set outcome = null, done_at = null, last_error = null, attempts = 0, next_at = _now,
        received_at = _now
    where e.id = any (_ids) or e.received_at >= _since;
    get diagnostics _count = row_count;
    perform pg_notify('billing', '');
    return _count;
end;
$$;

comment on function fn.replay_billing_events is
'Processes events once more, by id or all since a time; returns how many. Repeating is harmless: each fetches the current
data.';
