-- Called by app as account.
create function fn.account_billing(_account_id uuid, _role text default 'admin', _now timestamptz default now())
returns table (
    role text, account_name text, plan text, plan_title text, paid_plan text, customer_id text, subscription_id text,
    item_id text, status text, unit text, period_ends_at timestamptz, trial_ends_at timestamptz, cancel_at timestamptz,
    grace_ends_at timestamptz, retained_until timestamptz, amount bigint, currency text, discount text, payment_method text,
    tax_ids text, subscriptions text, is_waiting boolean, deletion_at timestamptz,
    has_trial boolean, billing_name text, billing_email text, billing_address text, due_invoice_id text
)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
    perform fn.allow(_account_id, _role);
    return query
    select
        m.role, a.name, p.name, p.title, s.plan, s.customer_id, s.subscription_id, s.item_id, s.status, s.unit,
        s.period_ends_at, s.trial_ends_at, s.cancel_at,
        fn.grace_ends_at(_account_id, _now),
        -- Of interest where something would be deleted otherwise.
        case
            when coalesce(p.retention_days, 2147483647) < coalesce(fn.plan_retention(_account_id, _now), 2147483647)
                then fn.retained_until(_account_id, _now)
        end,
        c.amount, c.currency, coalesce(c.discount, ''),
        coalesce(s.payment_method, ''), coalesce(s.tax_ids, '[]')::text,
        fn.live_subscriptions(_account_id)::text,
        s.customer_id is not null and fn.is_waiting(s.customer_id, _now), a.deletion_at,
        fn.has_trial(_account_id, nullif(current_setting('feelback.person_id', true), '')::uuid),
        coalesce(s.billing_name, ''), coalesce(s.billing_email, ''), coalesce(s.billing_address, '{}')::text,
        (
            select i.id from public.invoice as i
            where i.account_id = a.id and i.status = 'open' and i.total > 0
            order by i.created_at desc, i.id desc limit 1
        )
    from public.account as a
    cross join fn.account_plan(_account_id, _now) as p
    left join public.subscription as s on s.account_id = a.id
    left join public.customer_subscription as c on c.account_id = a.id and c.id = s.subscription_id
    left join public.member as m
        on m.account_id = a.id and m.person_id = nullif(current_setting('feelback.person_id', true), '')::uuid
    where a.id = _account_id;
end;
$$;

comment on function fn.account_billing is
'Billing of an account for members with at least _role: the plan whose limits apply, the paid plan, its state and
the subscriber''s own price, until when a lost plan''s responses are kept, all live subscriptions as JSON, and whether Stripe''s
newest data is being fetched.';
