-- Since when a plan's limits hold: what they let go of goes only some time after.
alter table billing add column on_since timestamptz;
comment on column billing.on_since is 'When billing was turned on.';
alter table subscription add column plan_at timestamptz not null default now();
comment on column subscription.plan_at is 'When the plan whose limits hold last changed.';
