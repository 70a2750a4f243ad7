-- A free trial is given once to an account, a person and a card.
create table trial (
    kind text not null check (kind in ('account', 'person', 'card')),
    hash bytea not null check (octet_length(hash) = 32),
    subscription_id text not null,
    used_at timestamptz not null,
    primary key (kind, hash)
);
comment on table trial is
'Who has had a free trial, and with which subscription: hashes of ids of accounts and people, and of fingerprints of cards. They stay
when the account or person is gone.';

alter table customer_subscription
    add column is_trial_repeated boolean not null default false,
    add column reminded_for timestamptz;
comment on column customer_subscription.is_trial_repeated is 'Whether its account, person or card had had a trial before its own.';
comment on column customer_subscription.reminded_for is 'The payment about which people were mailed before it is due.';

insert into trial (kind, hash, subscription_id, used_at)
select 'account', sha256(convert_to(s.account_id::text, 'UTF8')), s.subscription_id, s.plan_at
from subscription as s
where s.trial_ends_at is not null and s.subscription_id is not null;
insert into trial (kind, hash, subscription_id, used_at)
select distinct on (m.person_id) 'person', sha256(convert_to(m.person_id::text, 'UTF8')), s.subscription_id, s.plan_at
from subscription as s
join member as m on m.account_id = s.account_id and m.role = 'owner'
where s.trial_ends_at is not null and s.subscription_id is not null
order by m.person_id, s.plan_at;
