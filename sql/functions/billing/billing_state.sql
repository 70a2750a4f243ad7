-- Called by owner as caller.
create function fn.billing_state(_now timestamptz default now())
returns table (is_on boolean, compared_at timestamptz, subscriptions bigint, past_due bigint, waiting bigint, failed bigint)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    select b.is_on, nullif(b.compared_at, '-infinity'),
        (select count(*) from public.subscription as s where s.status in ('active', 'trialing', 'past_due')),
        (select count(*) from public.subscription as s where s.status = 'past_due'),
        (select count(*) from public.billing_event as e where e.outcome is null),
        (
            select count(*) from public.billing_event as e
            where e.outcome = 'failed' and e.done_at > _now - interval '7 days'
        )
    from public.billing as b;
end;
$$;

comment on function fn.billing_state is
'State of billing: whether it is on, the last comparison with Stripe, subscriptions, those with a missing payment, waiting
events, and events that failed for good within 7 days.';
