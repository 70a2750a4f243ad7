-- What settings pages change: archival, the policy that new sets start with, names of keys, and signals that only test.
alter table project
    add column visitor_policy text not null default 'visitor' check (visitor_policy in ('visitor', 'address', 'open')),
    add column archived_at timestamptz;
comment on column project.visitor_policy is 'The policy that a new content set starts with.';
comment on column project.archived_at is 'Since when it takes no signals; its counts are shown as ever.';
alter table content_set add column archived_at timestamptz;
comment on column content_set.archived_at is 'Since when it takes no signals; its counts are shown as ever.';
alter table content add column archived_at timestamptz;
comment on column content.archived_at is 'Since when it takes no signals; its counts are shown as ever.';

alter table api_key add column name text not null default '' check (char_length(name) <= 100);
comment on column api_key.name is 'What it is for, in the words of who made it.';

alter table feelback alter column counted_on drop not null;
comment on column feelback.counted_on is
'The day, in the project''s zone at that time, whose tally counts it; null: it came in test mode and is not counted.';
-- Signals that are counted, which is nearly all, cost this index nothing.
create index feelback_test_idx on feelback (account_id, content_set_id, id) where counted_on is null;
