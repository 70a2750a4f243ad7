-- What reconciling compared and found, by project; and differences of any aggregate, not of counts alone.
create table reconcile_result (
    account_id uuid not null,
    project_id uuid not null,
    started_at timestamptz not null,
    checked_at timestamptz,
    checked bigint not null default 0,
    differed bigint not null default 0,
    differed_at timestamptz,
    error text,
    primary key (account_id, project_id)
);
comment on table reconcile_result is 'The last reconciliation of each project with its responses.';
comment on column reconcile_result.started_at is 'When the last one began, whether it was completed or not.';
comment on column reconcile_result.checked_at is 'When the last complete one began; checked and differed are of that one.';
comment on column reconcile_result.differed_at is 'When a difference was last found.';
comment on column reconcile_result.error is 'Why the last one is not complete.';

alter table reconciliation
    add column project_id uuid,
    add column key jsonb,
    add column stored jsonb,
    add column recounted jsonb,
    alter column placement_id drop not null,
    alter column option_no drop not null,
    alter column counted drop not null,
    alter column actual drop not null;
comment on table reconciliation is 'Every difference between an aggregate and the responses that was found, and corrected.';
comment on column reconciliation.what is 'The table; in rows without a key, a word of earlier versions.';
comment on column reconciliation.key is 'The primary key of the row that differed.';
comment on column reconciliation.stored is 'The columns that differed, as they were stored; null where the row was missing.';
comment on column reconciliation.recounted is 'The same columns recounted; null where the row should not exist.';

create table retention_result (
    account_id uuid not null,
    project_id uuid not null,
    through date not null,
    finished_at timestamptz not null,
    deleted bigint not null,
    primary key (account_id, project_id)
);
comment on table retention_result is
'Per project, the day before which all responses had been deleted when retention last finished, when that was, and how many it deleted.';
