create function fn.report_subscriptions(_account_id uuid, _customer_id text, _now timestamptz default now()) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _live constant text[] := '{active,trialing,past_due,unpaid,paused}';
    _subscription record;
    _unknown text[] := '{}';
    _double text[] := '{}';
    _customer_ids text[];
begin
    for _subscription in
        select s.*, r.price_id is null as is_unknown,
            s.id <> first_value(s.id) over (
                order by s.status in ('active', 'trialing') desc, p.position desc nulls last, s.created_at, s.id
            ) as is_double
        from public.customer_subscription as s
        left join public.plan_price as r on r.price_id = s.price_id
        left join public.plan as p on p.name = s.plan
        where s.account_id = _account_id and s.status = any (_live)
    loop
        if _subscription.is_unknown and _subscription.price_id is not null then
            _unknown := _unknown || _subscription.id;
            perform fn.open_billing_issue(
                'unknown_price', _subscription.customer_id, _subscription.id,
                jsonb_build_object(
                    'price_id', _subscription.price_id, 'plan', _subscription.plan, 'unit', _subscription.unit,
                    'amount', _subscription.amount, 'currency', _subscription.currency
                ),
                _now
            );
        end if;
        if _subscription.is_double then
            _double := _double || _subscription.id;
            perform fn.open_billing_issue(
                'double', _subscription.customer_id, _subscription.id,
                jsonb_build_object(
                    'plan', _subscription.plan, 'unit', _subscription.unit, 'amount', _subscription.amount,
                    'currency', _subscription.currency
                ),
                _now
            );
        end if;
    end loop;
    _customer_ids := array(
        select distinct s.customer_id from public.customer_subscription as s where s.account_id = _account_id
    );
    perform fn.resolve_billing_issues(c.id, '{unknown_price}', _unknown, _now),
        fn.resolve_billing_issues(c.id, '{double}', _double, _now),
        fn.resolve_billing_issues(c.id, '{orphan,missing_customer}', '{}', _now)
    from (select _customer_id union select unnest(_customer_ids)) as c (id);
end;
$$;

comment on function fn.report_subscriptions is
'Reports an account''s live subscriptions that operators should look at: at a price that no plan has, and every one beside the
best. Resolves what no longer is so.';
