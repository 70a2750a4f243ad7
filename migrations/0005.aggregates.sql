-- What readers of windows and periods get ready-made, all of it derived from tally_day.
alter table tally_day add column rolled bigint not null default 0;
comment on column tally_day.rolled is 'How much of the count has been passed on to the aggregates.';
create index tally_day_day_idx on tally_day (account_id, day, content_id);

-- New signals are found by the time they were made; the index costs next to nothing.
create index feelback_created_at_idx on feelback using brin (created_at);

create table tally_change (
    account_id uuid not null,
    content_id uuid not null,
    day date not null,
    primary key (account_id, content_id, day)
);
comment on table tally_change is 'Which daily tallies wait to be passed on to the aggregates.';

create table roll_up (
    one boolean primary key default true check (one),
    gathered_at timestamptz not null
);
comment on table roll_up is 'Until when new signals have been gathered into tally_change.';
insert into roll_up (gathered_at) values ('-infinity');

create table set_day (
    account_id uuid not null,
    project_id uuid not null,
    day date not null,
    content_set_id uuid not null,
    option_no smallint not null,
    count bigint not null,
    primary key (account_id, project_id, day, content_set_id, option_no)
) with (fillfactor = 80);
comment on table set_day is 'How many signals a content set has, by option, for one day of the project''s zone.';

create table project_day (
    account_id uuid not null,
    project_id uuid not null,
    day date not null,
    count bigint not null,
    primary key (account_id, project_id, day)
) with (fillfactor = 80);
comment on table project_day is 'How many signals a project has for one day of its zone: the sum of its set_day.';

create table content_window (
    account_id uuid not null,
    content_id uuid not null,
    days smallint not null,
    option_no smallint not null,
    count bigint not null,
    before bigint not null,
    primary key (account_id, content_id, days, option_no)
) with (fillfactor = 80);
comment on table content_window is
'A content''s signals, by option, in the last days (up to and with project_roll.through), and in as many days before.';

create table content_score (
    account_id uuid not null,
    content_id uuid not null,
    days smallint not null,
    project_id uuid not null,
    content_set_id uuid not null,
    total bigint not null,
    before bigint not null,
    positive double precision,
    neutral double precision,
    negative double precision,
    sentiment double precision,
    average double precision,
    score double precision,
    primary key (account_id, content_id, days)
) with (fillfactor = 80);
comment on table content_score is 'What a content''s window says: totals, shares, sentiment, average and ranking score.';

create table set_window (
    account_id uuid not null,
    project_id uuid not null,
    days smallint not null,
    content_set_id uuid not null,
    option_no smallint not null,
    count bigint not null,
    before bigint not null,
    primary key (account_id, project_id, days, content_set_id, option_no)
) with (fillfactor = 80);
comment on table set_window is 'The same as content_window for a content set.';

create table project_roll (
    account_id uuid not null,
    project_id uuid not null,
    through date not null,
    primary key (account_id, project_id)
);
comment on table project_roll is 'The last day of the project''s windows; it never goes back, whatever its zone does.';

create table period (
    account_id uuid not null,
    scope_id uuid not null,
    unit text not null check (unit in ('week', 'month', 'year')),
    starts_on date not null,
    project_id uuid not null,
    scope text not null check (scope in ('content', 'set', 'project')),
    option_nos smallint[],
    counts bigint[],
    total bigint not null,
    before bigint,
    positive double precision,
    neutral double precision,
    negative double precision,
    sentiment double precision,
    average double precision,
    score double precision,
    primary key (account_id, scope_id, unit, starts_on, scope)
) partition by list (scope);
-- The few rows of projects and sets lie together, and not each on a page among those of contents.
create table period_content partition of period for values in ('content');
create table period_whole partition of period for values in ('set', 'project');
comment on table period is
'What a content, content set or project was told in a week (from Monday), month or year that is over. No row, no signal.';
comment on column period.before is 'The total of the period before; null where there was none.';
create index period_project_idx on period (account_id, project_id, unit, starts_on);

create table period_close (
    account_id uuid not null,
    project_id uuid not null,
    unit text not null,
    starts_on date not null,
    primary key (account_id, project_id, unit)
);
comment on table period_close is 'The last period of each unit that is closed for a project.';

create table period_change (
    account_id uuid not null,
    project_id uuid not null,
    unit text not null,
    starts_on date not null,
    content_id uuid not null,
    primary key (account_id, project_id, unit, starts_on, content_id)
);
comment on table period_change is 'Which contents'' closed periods a late edit or removal touched.';

create table reconciliation (
    account_id uuid not null,
    id uuid not null,
    found_at timestamptz not null default now(),
    what text not null,
    content_id uuid not null,
    day date,
    option_no smallint not null,
    counted bigint not null,
    actual bigint not null,
    primary key (account_id, id)
);
comment on table reconciliation is 'Every difference between tallies and rows that was found, and put right.';

create table reconcile_slice (
    one boolean primary key default true check (one),
    day date not null
);
comment on table reconcile_slice is 'The day that the scheduled reconcile looks at next.';

alter table project add column retention_days integer check (retention_days >= 1);
comment on column project.retention_days is 'How long single signals are kept; null is for ever. Tallies stay.';
alter table project add column retained_from date;
comment on column project.retained_from is 'Before this day of its zone single signals are gone; null: none are.';
