create function fn.subscription_from_stripe(_old public.subscription, _snapshot jsonb, _now timestamptz)
returns public.subscription
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
    _new public.subscription := _old;
begin
    _new.subscription_id := _snapshot ->> 'subscription_id';
    _new.item_id := _snapshot ->> 'item_id';
    _new.status := _snapshot ->> 'status';
    select p.plan, p.unit into _new.plan, _new.unit
    from public.plan_price as p where p.price_id = _snapshot ->> 'price_id';
    if not found and _new.subscription_id is not null then
        -- An unknown price leaves the plan as it was, rather than taking it from somebody who pays.
        _new.plan := _old.plan;
        _new.unit := coalesce(_snapshot ->> 'unit', _old.unit);
    end if;
    _new.period_ends_at := to_timestamp((_snapshot ->> 'period_ends_at')::bigint);
    _new.trial_ends_at := to_timestamp((_snapshot ->> 'trial_ends_at')::bigint);
    _new.cancel_at := to_timestamp((_snapshot ->> 'cancel_at')::bigint);
    _new.past_due_at := case
        when _new.status = 'past_due'
            then coalesce(_old.past_due_at, to_timestamp((_snapshot ->> 'past_due_at')::bigint), _now)
    end;
    _new.payment_method := coalesce(_snapshot ->> 'payment_method', '');
    _new.tax_ids := coalesce(_snapshot -> 'tax_ids', '[]');
    return _new;
end;
$$;

comment on function fn.subscription_from_stripe is
'A subscription from Stripe''s snapshot; times are seconds since 1970. Part of fn.update_subscription.';
