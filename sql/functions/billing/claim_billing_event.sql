-- Called by jobs as installation.
create function fn.claim_billing_event(_now timestamptz default now())
returns table (id text, type text, customer_id text, attempt integer, requested_at timestamptz, is_asked boolean)
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    _event public.billing_event;
begin
    update public.billing_event as e
    set attempts = e.attempts + 1, next_at = _now + interval '25 seconds'
    where e.id = (
        select d.id from public.billing_event as d
        where d.outcome is null and d.next_at <= _now
        order by d.next_at, d.id
        limit 1
        for update skip locked
    )
    returning * into _event;
    if found then
        return query
        select _event.id, _event.type, _event.customer_id, _event.attempts, clock_timestamp(), exists (
            select 1 from public.subscription as s
            where s.customer_id = _event.customer_id and s.requested_at > _event.received_at
        );
    end if;
end;
$$;

comment on function fn.claim_billing_event is
'Claims the next due event for 25 seconds, within which the caller gives up (a worker that is killed delays it by no more); no row if there is none. requested_at is now, to the microsecond, and orders the data
fetched from Stripe. is_asked: the customer was fetched since the event arrived, so that several events of one payment cause one
request.';
