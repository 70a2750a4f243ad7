-- Accounts and people that are to be deleted, after a time in which they may come back.
alter table account
    add column deletion_at timestamptz,
    add column deletion_told_at timestamptz;
comment on column account.deletion_at is 'When it is deleted for good; null where nobody asked for that.';
comment on column account.deletion_told_at is 'When its owner and admins were told once more that it is near.';
create index account_deletion_at_idx on account (deletion_at) where deletion_at is not null;

alter table person
    add column deletion_at timestamptz,
    add column deletion_told_at timestamptz;
comment on column person.deletion_at is 'When they are deleted for good; null where they did not ask for that.';
comment on column person.deletion_told_at is 'When they were told once more that it is near.';
create index person_deletion_at_idx on person (deletion_at) where deletion_at is not null;

create table deleted_account (
    id uuid primary key,
    deleted_at timestamptz not null
);
comment on table deleted_account is
'Accounts that were just deleted: an hour later a last look finds what arrived for them while they went, and forgets them.';
