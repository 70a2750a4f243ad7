-- The limit of a plan is enforced after two months in a row over it, or at twice as much.
alter table usage add column quota bigint, add column warned_quota bigint;
comment on column usage.quota is 'The plan''s responses of the month when they were last counted; null is unlimited.';
comment on column usage.warned_quota is 'The quota of which people were mailed that its limit is about to be enforced.';
