-- Called by jobs as installation.
create function fn.mark_delivery(
    _account_id uuid, _id uuid, _attempt integer, _problem text, _status integer, _answer text, _duration_ms integer,
    _is_final boolean, _retry_after double precision, _now timestamptz default now()
) returns text
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _waits constant interval[] := '{5 s,1 min,5 min,30 min,2 h,5 h,10 h}';
    _delivery public.delivery;
    _destination public.destination;
    _wait interval;
    _zone text;
    _next_at timestamptz;
    _outcome text;
    _is_paused boolean;
    _owner record;
begin
    select d.* into _destination from public.destination as d
    join public.delivery as v on v.account_id = d.account_id and v.destination_id = d.id
    where v.account_id = _account_id and v.id = _id
    for update of d;
    select * into _delivery from public.delivery as v
    where v.account_id = _account_id and v.id = _id and v.attempts = _attempt and v.done_at is null
    for update;
    if not found then
        return 'lost';
    end if;
    _wait := _waits[
        least(greatest(_attempt - _delivery.attempts_before, _destination.failures + 1), cardinality(_waits))
    ] * (0.8 + 0.4 * random());
    -- A receiver may ask for more time than that, up to a day.
    if _retry_after is not null then
        _wait := greatest(_wait, make_interval(secs => least(_retry_after, 86400)));
    end if;
    select p.time_zone into _zone from public.project as p
    where p.account_id = _account_id and p.id = _destination.project_id;
    _next_at := fn.after_quiet_hours(_destination, _zone, _now + _wait);
    _outcome := case
        when _problem is null then 'delivered'
        when _is_final or greatest(_delivery.created_at, _delivery.resent_at) < _now - interval '10 days' then 'failed'
    end;
    update public.delivery as v
    set outcome = _outcome, done_at = case when _outcome is not null then _now end,
        next_at = case when _outcome is null then _next_at else v.next_at end,
        problem = left(_problem, 50), status = _status, duration_ms = _duration_ms, answer = _answer
    where v.account_id = _account_id and v.id = _id;
    _is_paused := _problem <> 'internal' and _destination.paused_at is null
        and _destination.failing_since <= _now - interval '1 day';
    update public.destination as d
    set claimed_until = null,
        failures = case when _problem is null then 0 else d.failures + 1 end,
        -- An error on our side is no reason to pause it.
        failing_since = case
            when _problem = 'internal' then d.failing_since
            when _problem is not null then coalesce(d.failing_since, _now)
        end,
        paused_at = case when _is_paused then _now when _problem is not null then d.paused_at end,
        retry_at = case when _problem is not null then _next_at end,
        disabled_at = case when _status = 410 then _now else d.disabled_at end,
        is_ended = d.is_ended or _status is not distinct from 410
    where d.account_id = _account_id and d.id = _destination.id;
    if _is_paused then
        for _owner in
            select n.email, p.name as project, p.slug from public.project as p
            join public.member as m on m.account_id = p.account_id and m.role = 'owner'
            join public.person as n on n.id = m.person_id
            where p.account_id = _account_id and p.id = _destination.project_id
        loop
            perform fn.enqueue_mail(_owner.email, 'destination_paused', jsonb_build_object(
                'project', _owner.project, 'destination', _destination.name, 'slug', _owner.slug, 'id', _destination.id,
                'failing_since', fn.mail_time(_destination.failing_since)
            ), null, null, _now);
        end loop;
    end if;
    if _problem is null and _destination.failures > 0 then
        -- It is back: what waits for another attempt need not wait longer.
        update public.delivery as v set next_at = fn.after_quiet_hours(_destination, _zone, _now)
        where v.account_id = _account_id and v.destination_id = _destination.id and v.done_at is null and v.attempts > 0;
    end if;
    perform fn.schedule_destination(_account_id, _destination.id, _now);
    return coalesce(_outcome, 'waiting');
end;
$$;

comment on function fn.mark_delivery is
'Records an attempt, failed if it had a _problem, and returns what the delivery is now: delivered, waiting for the next attempt, failed,
or lost to another worker, whose attempt has a later number. It is tried for ten days after it was created or last resent, or until
fn.purge_rule deletes it, at first after seconds and later after hours, and not before _retry_after seconds, and not in its quiet hours. A destination that answers 410 is disabled. One that has
failed for a day is paused: the owner of the account gets an email, and one delivery is tried every few hours, until it succeeds.';
