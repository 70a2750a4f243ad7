create table turn_test (
    account_id uuid not null,
    placement_id uuid not null,
    project_id uuid not null,
    started_on date not null,
    runs smallint not null default 1 check (runs >= 1),
    primary key (account_id, placement_id),
    foreign key (account_id, placement_id) references placement (account_id, id) on delete cascade
);
comment on table turn_test is
'The sequential test of whether the share of unhappy responses of a placement has changed, where a destination takes page.turned.';
comment on column turn_test.started_on is 'The first day that it counts.';
comment on column turn_test.runs is 'How often it has begun; each run may raise half as many false alarms as the one before.';
create index turn_test_project_idx on turn_test (account_id, project_id);
