-- What may be used, what is paid for it, and what Stripe told us. All of it sleeps until billing is on.
create table billing (
    one boolean primary key default true check (one),
    is_on boolean not null default false,
    compared_at timestamptz not null default '-infinity'
);
comment on table billing is 'Whether this installation takes money: while it does not, every account has no limits.';
comment on column billing.compared_at is 'When all subscriptions were last held against Stripe.';
insert into billing default values;

create table plan (
    name text primary key check (name ~ '^[a-z][a-z_]{0,30}$'),
    title text not null check (char_length(title) between 1 and 60),
    position smallint not null unique,
    signals bigint check (signals >= 1),
    projects integer check (projects >= 1),
    members integer check (members >= 1),
    retention_days integer check (retention_days >= 1),
    monthly bigint not null default 0 check (monthly >= 0),
    yearly bigint not null default 0 check (yearly >= 0),
    currency text not null default 'usd' check (currency ~ '^[a-z]{3}$')
);
comment on table plan is 'What an account may use, and for how much. Null is no limit. free is what everybody has who pays nothing.';
comment on column plan.signals is 'How many signals a calendar month, in UTC, whose messages are shown.';
comment on column plan.monthly is 'The price of a month, in the smallest unit of its currency; Stripe''s is written here as soon as it is known.';
insert into plan (name, title, position, signals, projects, members, retention_days, monthly, yearly) values
('free', 'Free', 1, 2000, 1, 2, 180, 0, 0),
('starter', 'Starter', 2, 50000, 5, 5, 730, 900, 9000),
('growth', 'Growth', 3, 500000, null, null, null, 4900, 49000);

create table plan_price (
    price_id text primary key,
    plan text not null references plan (name),
    unit text not null check (unit in ('month', 'year')),
    is_offered boolean not null
);
comment on table plan_price is
'Which price of Stripe''s stands for which plan. One that is offered no more still tells what its subscribers have.';
create unique index plan_price_offered_key on plan_price (plan, unit) where is_offered;

create table subscription (
    account_id uuid primary key references account (id) on delete cascade,
    customer_id text not null unique,
    subscription_id text,
    item_id text,
    status text check (
        status in ('incomplete', 'incomplete_expired', 'trialing', 'active', 'past_due', 'canceled', 'unpaid', 'paused')
    ),
    plan text references plan (name),
    unit text check (unit in ('month', 'year')),
    period_ends_at timestamptz,
    trial_ends_at timestamptz,
    cancel_at timestamptz,
    past_due_at timestamptz,
    payment_method text not null default '',
    tax_ids jsonb not null default '[]' check (jsonb_typeof(tax_ids) = 'array'),
    asked_at timestamptz not null default '-infinity'
);
comment on table subscription is 'What an account pays for, as Stripe said when it was last asked. No row: it never was a customer.';
comment on column subscription.past_due_at is 'Since when a payment is missing.';
comment on column subscription.cancel_at is 'When it ends, where it was cancelled.';
comment on column subscription.asked_at is 'When Stripe was asked for what is here: what was asked for earlier is not written over it.';

create table invoice (
    account_id uuid not null references account (id) on delete cascade,
    id text not null,
    number text not null,
    status text not null,
    total bigint not null,
    currency text not null,
    created_at timestamptz not null,
    primary key (account_id, id)
);
comment on table invoice is 'The invoices of an account, to be listed while Stripe is away; their PDFs are Stripe''s.';

create table billing_event (
    id text primary key check (char_length(id) between 1 and 255),
    type text not null,
    customer_id text,
    made_at timestamptz not null,
    received_at timestamptz not null,
    next_at timestamptz not null,
    attempts integer not null default 0,
    outcome text check (outcome in ('changed', 'same', 'stale', 'unknown', 'failed')),
    done_at timestamptz,
    last_error text,
    check ((outcome is null) = (done_at is null))
);
comment on table billing_event is
'Why Stripe is to be asked about a customer: its webhooks, each once by its id, and what the panel asked for (own_…). What is in
a webhook is not kept: the order they come in says nothing, so what is true is fetched.';
create index billing_event_waiting_idx on billing_event (next_at) where outcome is null;
create index billing_event_customer_idx on billing_event (customer_id, received_at);
create index billing_event_done_at_idx on billing_event (done_at) where outcome is not null;

create table project_usage (
    account_id uuid not null references account (id) on delete cascade,
    month date not null,
    project_id uuid not null,
    signals bigint not null,
    primary key (account_id, month, project_id)
);
comment on table project_usage is 'The signals of a project in a calendar month. It stays when the project goes: used is used.';

create table usage (
    account_id uuid not null references account (id) on delete cascade,
    month date not null,
    signals bigint not null,
    full_at timestamptz,
    stopped_at timestamptz,
    told smallint not null default 0 check (told in (0, 80, 100)),
    told_quota bigint,
    primary key (account_id, month)
);
comment on table usage is 'The signals of an account in a calendar month, in UTC, against its plan.';
comment on column usage.full_at is 'Since when the plan''s signals are used up: messages that came later are veiled.';
comment on column usage.stopped_at is 'Since when ten times as many are used up: signals are refused.';
comment on column usage.told is 'At which share, in percent, its people have been told; told_quota is of how many.';
