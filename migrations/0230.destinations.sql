-- Events that leave: what happened, written by the transaction in which it did, and where it is sent.
create table destination (
    account_id uuid not null,
    id uuid not null,
    project_id uuid not null,
    name text not null check (char_length(name) between 1 and 100),
    type text not null check (type in ('webhook', 'email')),
    url text check (char_length(url) between 1 and 2000),
    recipient_id uuid,
    events text[] not null check (cardinality(events) between 1 and 20),
    widget_ids uuid[] not null default '{}' check (cardinality(widget_ids) <= 100),
    patterns text[] not null default '{}' check (cardinality(patterns) <= 20),
    options text[] not null default '{}' check (cardinality(options) <= 100),
    has_text boolean not null default false,
    pace text not null check (pace in ('each', 'quarter', 'hourly', 'daily')),
    hour smallint not null default 9 check (hour between 0 and 23),
    secret bytea check (octet_length(secret) between 1 and 128),
    previous_secret bytea check (octet_length(previous_secret) between 1 and 128),
    previous_until timestamptz,
    created_at timestamptz not null,
    disabled_at timestamptz,
    is_ended boolean not null default false,
    failures integer not null default 0,
    failing_since timestamptz,
    retry_at timestamptz,
    claimed_until timestamptz,
    due_at timestamptz,
    primary key (account_id, id),
    foreign key (account_id, project_id) references project (account_id, id) on delete cascade,
    check (case type when 'webhook' then url is not null and secret is not null else recipient_id is not null end)
);
comment on table destination is 'Where the events of a project are sent, which of them, and how often.';
comment on column destination.recipient_id is 'The member who gets the emails.';
comment on column destination.patterns is 'Globs of page keys; none for all pages.';
comment on column destination.hour is 'When the daily digest is sent, in the zone of the project.';
comment on column destination.secret is 'What signs its requests, encrypted; the previous one signs them, too, until previous_until.';
comment on column destination.is_ended is 'Whether it was disabled because it answered 410.';
comment on column destination.failures is 'Failed attempts since one last succeeded.';
comment on column destination.due_at is 'When a worker may claim its next delivery; null where none waits.';
create index destination_project_idx on destination (account_id, project_id);
create index destination_due_at_idx on destination (due_at) where due_at is not null;

create table event (
    account_id uuid not null,
    id uuid not null,
    project_id uuid not null,
    type text not null check (char_length(type) between 1 and 50),
    response_id uuid,
    data jsonb not null default '{}',
    created_at timestamptz not null,
    matched_at timestamptz,
    primary key (account_id, id)
);
comment on table event is
'What happened in projects with destinations, as ids and numbers: the words of visitors are read when it is sent.';
comment on column event.matched_at is 'When deliveries to the destinations that take it were created.';
create index event_unmatched_idx on event (created_at) where matched_at is null;
create index event_created_at_idx on event using brin (created_at);

create table event_response (
    account_id uuid not null,
    id uuid not null,
    project_id uuid not null,
    due_at timestamptz not null,
    response_ids uuid[] not null default '{}',
    placement_ids uuid[] not null default '{}',
    option_nos smallint[] not null default '{}',
    counts bigint[] not null default '{}',
    primary key (account_id, id)
);
comment on table event_response is
'The responses of one transaction, of which events are made when it is due: one a message, and one a placement of the votes of a minute.';
comment on column event_response.response_ids is 'Its messages.';
comment on column event_response.placement_ids is 'With option_nos and counts, its responses without words.';
create index event_response_due_at_idx on event_response (due_at);

create table delivery (
    account_id uuid not null,
    id uuid not null,
    project_id uuid not null,
    destination_id uuid not null,
    event_ids uuid[] not null check (cardinality(event_ids) between 1 and 1000),
    is_digest boolean not null,
    created_at timestamptz not null,
    next_at timestamptz not null,
    attempts integer not null default 0,
    attempted_at timestamptz,
    done_at timestamptz,
    outcome text check (outcome in ('delivered', 'failed', 'dropped')),
    problem text check (char_length(problem) <= 50),
    status smallint,
    answer text check (octet_length(answer) <= 1024),
    duration_ms integer,
    primary key (account_id, id),
    foreign key (account_id, destination_id) references destination (account_id, id) on delete cascade,
    foreign key (account_id, project_id) references project (account_id, id) on delete cascade
);
comment on table delivery is 'An event, or a digest of several, for a destination: attempts, the next of them, and what became of the last.';
comment on column delivery.attempts is 'Counts claims, too: a worker whose number is no longer this one has lost the delivery to another.';
comment on column delivery.problem is 'Why the last attempt failed, as app/webhooks names it; null where it did not.';
comment on column delivery.answer is 'The beginning of the answer to the last attempt.';
create index delivery_waiting_idx on delivery (account_id, destination_id, next_at) where done_at is null;
create index delivery_destination_idx on delivery (account_id, destination_id, id);
create index delivery_project_idx on delivery (account_id, project_id);
create index delivery_created_at_idx on delivery using brin (created_at);
