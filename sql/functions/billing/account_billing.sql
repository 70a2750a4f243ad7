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
declare
    _person_id uuid := nullif(current_setting('feelback.person_id', true), '')::uuid;
    _plan record;
    _customer_id text;
    _more record;
begin
    perform fn.allow(_account_id, _role);
    select p.* into _plan from fn.account_plan(_account_id, _now) as p;
    select s.customer_id into _customer_id from public.subscription as s where s.account_id = _account_id;
    -- Functions read more of the account, which on Citus no statement does that reads a table of it.
    select
        fn.grace_ends_at(_account_id, _now) as grace_ends_at,
        -- Of interest where something would be deleted otherwise.
        case
            when coalesce(_plan.retention_days, 2147483647) < coalesce(fn.plan_retention(_account_id, _now), 2147483647)
                then fn.retained_until(_account_id, _now)
        end as retained_until,
        fn.live_subscriptions(_account_id)::text as subscriptions,
        _customer_id is not null and fn.is_waiting(_customer_id, _now) as is_waiting,
        fn.has_trial(_account_id, _person_id) as has_trial
    into _more;
    return query
    select
        m.role, a.name, _plan.name, _plan.title, s.plan, s.customer_id, s.subscription_id, s.item_id, s.status, s.unit,
        s.period_ends_at, s.trial_ends_at, s.cancel_at, _more.grace_ends_at, _more.retained_until,
        c.amount, c.currency, coalesce(c.discount, ''),
        coalesce(s.payment_method, ''), coalesce(s.tax_ids, '[]')::text, _more.subscriptions,
        _more.is_waiting, a.deletion_at, _more.has_trial,
        coalesce(s.billing_name, ''), coalesce(s.billing_email, ''), coalesce(s.billing_address, '{}')::text,
        (
            select i.id from public.invoice as i
            where i.account_id = _account_id and i.status = 'open' and i.total > 0
            order by i.created_at desc, i.id desc limit 1
        )
    from public.account as a
    left join public.subscription as s on s.account_id = _account_id
    left join public.customer_subscription as c on c.account_id = _account_id and c.id = s.subscription_id
    left join public.member as m on m.account_id = _account_id and m.person_id = _person_id
    where a.id = _account_id;
end;
$$;

comment on function fn.account_billing is
'Billing of an account for members with at least _role: the plan whose limits apply, the paid plan, its state and
the subscriber''s own price, until when a lost plan''s responses are kept, all live subscriptions as JSON, and whether Stripe''s
newest data is being fetched.';
