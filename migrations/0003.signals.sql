-- The signals and their counters. No foreign key leads away from these tables: its check would lock the content's
-- row in every insert. The functions that delete contents, sets and projects take their signals along.
create table feelback (
    account_id uuid not null,
    id uuid not null,
    content_set_id uuid not null,
    content_id uuid not null,
    option_no smallint not null,
    counted_on date not null,
    created_at timestamptz not null,
    edited_at timestamptz,
    visitor bytea,
    fold_key bytea,
    body text,
    fields jsonb,
    context jsonb,
    primary key (account_id, id)
) partition by range (id);
comment on table feelback is 'One signal. The id is a UUIDv7, so its range is a range of time: a partition a month.';
comment on column feelback.counted_on is 'The day, in the project''s zone at that time, whose tally counts it.';
comment on column feelback.visitor is 'A keyed hash: of the visitor''s token, or of the address under the day''s salt.';
comment on column feelback.fold_key is 'The key of its visit; null where each signal counts by itself.';

create table tally (
    account_id uuid not null,
    content_id uuid not null,
    option_no smallint not null,
    count bigint not null check (count >= 0),
    primary key (account_id, content_id, option_no)
) with (fillfactor = 50);
comment on table tally is 'How many signals a content has, by option, for all time.';

create table tally_day (
    account_id uuid not null,
    content_id uuid not null,
    day date not null,
    option_no smallint not null,
    count bigint not null check (count >= 0),
    primary key (account_id, content_id, day, option_no)
) with (fillfactor = 70);
comment on table tally_day is 'How many signals a content has, by option, for one day of the project''s zone.';

create table visit (
    account_id uuid not null,
    fold_key bytea not null,
    content_id uuid not null,
    feelback_id uuid not null,
    address bytea,
    expires_at timestamptz not null,
    primary key (account_id, fold_key)
);
comment on table visit is 'Who has signalled: a hash of content and visitor. While a visit lasts, a signal with its
fold key is the same signal again.';
create index visit_expires_at_idx on visit using brin (expires_at) where expires_at < 'infinity';

create table address_visit (
    account_id uuid not null,
    content_id uuid not null,
    address bytea not null,
    visits integer not null check (visits >= 0),
    expires_at timestamptz not null,
    primary key (account_id, content_id, address)
);
comment on table address_visit is 'How many visitors of one address (hashed under the day''s salt) a content has counted.';
create index address_visit_expires_at_idx on address_visit using brin (expires_at);

create table visitor_salt (
    day date primary key,
    salt bytea not null check (octet_length(salt) = 32)
);
comment on table visitor_salt is 'The secret of one UTC day, gone when the day is over; what was hashed under it stays nameless.';

create table rejection (
    account_id uuid not null,
    project_id uuid not null,
    hour timestamptz not null,
    reason text not null,
    origin text not null,
    count bigint not null,
    primary key (account_id, project_id, hour, reason, origin),
    foreign key (account_id, project_id) references project (account_id, id) on delete cascade
);
comment on table rejection is 'What was refused, from which origin, how often in an hour.';
