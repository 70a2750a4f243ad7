-- Every subscription of a customer, and a row for each plan that an account has had: the table subscription keeps the customer
-- and the subscription that counts, which is all that the previous version reads and writes.
create table customer_subscription (
    account_id uuid not null references account (id) on delete cascade,
    id text not null check (char_length(id) between 1 and 255),
    customer_id text not null,
    item_id text,
    status text not null check (
        status in ('incomplete', 'incomplete_expired', 'trialing', 'active', 'past_due', 'canceled', 'unpaid', 'paused')
    ),
    price_id text,
    plan text references plan (name),
    unit text,
    unit_count integer not null default 1,
    amount bigint,
    currency text,
    discount text not null default '',
    created_at timestamptz not null,
    period_ends_at timestamptz,
    trial_ends_at timestamptz,
    cancel_at timestamptz,
    past_due_at timestamptz,
    ended_at timestamptz,
    primary key (account_id, id)
);
comment on table customer_subscription is 'Every subscription that an account has or had at Stripe, as last fetched.';
comment on column customer_subscription.plan is 'The plan that it was sold as; where nothing says so, the last known one.';
comment on column customer_subscription.amount is
'What the subscriber pays per unit_count units, discounts deducted, in the smallest unit of the currency; null if it is metered.';
comment on column customer_subscription.past_due_at is
'Since when a payment of it is missing; it stays when Stripe gives up, since the grace period was promised.';
create index customer_subscription_customer_idx on customer_subscription (customer_id);

create table entitlement (
    account_id uuid not null references account (id) on delete cascade,
    id uuid not null,
    plan text not null references plan (name),
    reason text not null check (reason in ('subscription', 'trial', 'grace', 'retention')),
    subscription_id text,
    starts_at timestamptz not null,
    ends_at timestamptz,
    notified_at timestamptz,
    primary key (account_id, id),
    check (ends_at >= starts_at)
);
comment on table entitlement is 'The plans that an account has or had, why, from when and until when. Rows are ended, never deleted.';
comment on column entitlement.reason is
'subscription: it is paid; trial; grace: a payment is missing; retention: only responses are kept, as the plan that was lost keeps them.';
comment on column entitlement.ends_at is 'Null while nothing ends it.';
comment on column entitlement.notified_at is 'When people were mailed that it has ended.';
create index entitlement_grace_idx on entitlement (ends_at) where reason = 'grace' and notified_at is null;

alter table subscription add column listed_at timestamptz not null default '-infinity';
comment on column subscription.listed_at is
'When all subscriptions of the customer were requested from Stripe. Before requested_at: the previous version has fetched since.';

alter table plan_price add column amount bigint, add column currency text;
comment on column plan_price.amount is 'In the smallest unit of the currency; null until Stripe has said it.';
update plan_price as r
set amount = case r.unit when 'month' then p.monthly else p.yearly end, currency = p.currency
from plan as p
where p.name = r.plan and r.is_offered;

insert into customer_subscription (
    account_id, id, customer_id, item_id, status, price_id, plan, unit, created_at, period_ends_at, trial_ends_at, cancel_at, past_due_at
)
select s.account_id, s.subscription_id, s.customer_id, s.item_id, s.status, null, s.plan, s.unit, s.plan_at, s.period_ends_at,
    s.trial_ends_at, s.cancel_at, s.past_due_at
from subscription as s
where s.subscription_id is not null and s.status is not null;

insert into entitlement (account_id, id, plan, reason, subscription_id, starts_at, ends_at)
select s.account_id, gen_random_uuid(), s.plan,
    case s.status when 'active' then 'subscription' when 'trialing' then 'trial' else 'grace' end, s.subscription_id,
    least(s.plan_at, s.past_due_at, now()), case s.status when 'past_due' then s.past_due_at + interval '14 days' end
from subscription as s
where s.plan is not null and s.status in ('active', 'trialing', 'past_due') and s.subscription_id is not null
    and (s.status <> 'past_due' or s.past_due_at is not null);

-- Nobody knows any more when a plan was lost that is over: whoever was a customer keeps everything for 30 days from now.
insert into entitlement (account_id, id, plan, reason, subscription_id, starts_at, ends_at)
select s.account_id, gen_random_uuid(), coalesce(s.plan, b.name), 'retention', s.subscription_id, now(),
    greatest(now(), s.past_due_at + interval '14 days') + interval '30 days'
from subscription as s
cross join (select p.name from plan as p order by p.position desc limit 1) as b
where s.status is distinct from 'active' and s.status is distinct from 'trialing';

create table billing_issue (
    id text primary key check (char_length(id) between 1 and 300),
    kind text not null check (kind in ('unknown_price', 'double', 'orphan', 'late_payment', 'missing_customer')),
    customer_id text not null,
    subject text not null,
    details jsonb not null default '{}' check (jsonb_typeof(details) = 'object'),
    opened_at timestamptz not null,
    decision text check (decision in ('cancel', 'dismiss', 'plan')),
    decided_at timestamptz,
    resolved_at timestamptz
);
comment on table billing_issue is
'What is at Stripe and needs an operator: an id of the kind and the object at Stripe that it is about (subject). It has no account:
the account may be gone.';
create index billing_issue_customer_idx on billing_issue (customer_id) where resolved_at is null;
