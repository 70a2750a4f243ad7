create function fn.update_customer_subscriptions(
    _account_id uuid, _customer_id text, _subscriptions jsonb, _now timestamptz default now()
) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    insert into public.customer_subscription as s (
        account_id, id, customer_id, item_id, status, price_id, plan, unit, unit_count, amount, currency, discount, created_at,
        period_ends_at, trial_ends_at, cancel_at, past_due_at, ended_at
    )
    select _account_id, g ->> 'id', _customer_id, g ->> 'item_id', g ->> 'status', g ->> 'price_id',
        fn.price_plan(_account_id, g, o.plan), g ->> 'unit', coalesce((g ->> 'unit_count')::integer, 1), (g ->> 'amount')::bigint,
        g ->> 'currency', coalesce(g ->> 'discount', ''), to_timestamp((g ->> 'created_at')::bigint),
        to_timestamp((g ->> 'period_ends_at')::bigint), to_timestamp((g ->> 'trial_ends_at')::bigint),
        to_timestamp((g ->> 'cancel_at')::bigint),
        case
            when g ->> 'status' in ('past_due', 'unpaid')
                then coalesce(to_timestamp((g ->> 'past_due_at')::bigint), o.past_due_at, _now)
            -- Stripe has given up, not the customer.
            when g ->> 'status' = 'canceled' and (g ->> 'is_dunned')::boolean
                then coalesce(to_timestamp((g ->> 'past_due_at')::bigint), o.past_due_at)
        end,
        to_timestamp((g ->> 'ended_at')::bigint)
    from jsonb_array_elements(_subscriptions) as g
    left join public.customer_subscription as o on o.account_id = _account_id and o.id = g ->> 'id'
    order by g ->> 'id'
    on conflict (account_id, id) do update set
        customer_id = excluded.customer_id, item_id = excluded.item_id, status = excluded.status, price_id = excluded.price_id,
        plan = excluded.plan, unit = excluded.unit, unit_count = excluded.unit_count, amount = excluded.amount,
        currency = excluded.currency, discount = excluded.discount, created_at = excluded.created_at,
        period_ends_at = excluded.period_ends_at, trial_ends_at = excluded.trial_ends_at, cancel_at = excluded.cancel_at,
        past_due_at = excluded.past_due_at, ended_at = excluded.ended_at;
    -- What Stripe no longer lists went with its customer.
    update public.customer_subscription as s
    set status = 'canceled', past_due_at = null, cancel_at = null, ended_at = coalesce(s.ended_at, _now)
    where s.account_id = _account_id and s.customer_id = _customer_id and s.status <> 'canceled'
        and s.id not in (select g ->> 'id' from jsonb_array_elements(_subscriptions) as g);
end;
$$;

comment on function fn.update_customer_subscriptions is
'Stores all subscriptions of a customer, from Stripe''s snapshot. Part of fn.update_subscription.';
