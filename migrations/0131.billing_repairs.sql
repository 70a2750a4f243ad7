-- The comparison with Stripe is tried again until it is done, and customers are known after their account is gone.
alter table billing
    add column comparison_next_at timestamptz not null default '-infinity',
    add column comparison_attempts integer not null default 0;
comment on column billing.compared_at is 'When the last complete comparison with Stripe began.';
comment on column billing.comparison_next_at is 'While a comparison runs or has failed: when it may be tried again.';

create table deleted_customer (
    id text primary key check (char_length(id) between 1 and 255),
    deleted_at timestamptz not null
);
comment on table deleted_customer is
'Customers at Stripe of accounts that were deleted: nothing of theirs may go on, and what they pay later is to be refunded.';
