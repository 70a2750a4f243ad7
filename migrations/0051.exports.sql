-- Exports that are written in the background. Their parts lie in the database, because the machine that writes one and the
-- machine that hands it out need not be the same, and because they go with their project and account.
create table export (
    account_id uuid not null,
    id uuid not null,
    project_id uuid not null,
    person_id uuid not null,
    kind text not null check (kind in ('feelbacks', 'contents', 'windows', 'periods', 'days')),
    format text not null check (format in ('csv', 'jsonl')),
    content_set_id uuid,
    content_id uuid,
    option text not null default '' check (char_length(option) <= 100),
    from_day date,
    to_day date,
    text text not null default '' check (char_length(text) <= 200),
    requested_at timestamptz not null,
    expected bigint not null,
    rows bigint not null default 0,
    bytes bigint not null default 0,
    parts integer not null default 0,
    through_id uuid,
    claim uuid,
    claimed_until timestamptz,
    attempts integer not null default 0,
    done_at timestamptz,
    error text,
    primary key (account_id, id),
    foreign key (account_id, project_id) references project (account_id, id) on delete cascade
);
comment on column export.through_id is 'Up to which id (of a feelback, content or other scope) it is written: where it goes on.';
comment on column export.claim is 'Which worker has it in hand until claimed_until; then another may go on with it.';
comment on column export.error is 'Why it ended without a result, in words for who asked for it.';
create index export_project_idx on export (account_id, project_id, id);
create index export_waiting_idx on export (requested_at) where done_at is null;
create index export_done_at_idx on export (done_at) where done_at is not null;

create table export_part (
    account_id uuid not null,
    export_id uuid not null,
    no integer not null,
    body bytea not null,
    primary key (account_id, export_id, no),
    foreign key (account_id, export_id) references export (account_id, id) on delete cascade
);
comment on column export_part.body is 'Compressed by zlib, each part by itself.';
alter table export_part alter column body set storage external;
