-- A constant default takes no time. What the version before resends is tried as before: from when it was created.
alter table delivery add column resent_at timestamptz, add column attempts_before integer not null default 0;
comment on column delivery.resent_at is 'When a member had it sent again, last: it is tried for ten days from then on.';
comment on column delivery.attempts_before is 'The attempts until then: the waits between attempts begin anew.';
