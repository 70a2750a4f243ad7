-- Who owns what. Every tenant table leads its keys with account_id, so that it can be distributed by it.
create table account (
    id uuid primary key,
    name text not null check (char_length(name) between 1 and 200),
    created_at timestamptz not null default now()
);

create table person (
    id uuid primary key,
    email text not null check (email like '%_@_%' and char_length(email) <= 254),
    password_hash text,
    created_at timestamptz not null default now()
);
create unique index person_email_key on person (lower(email));

create table member (
    account_id uuid not null references account (id) on delete cascade,
    person_id uuid not null references person (id) on delete cascade,
    role text not null check (role in ('owner', 'admin', 'editor', 'viewer')),
    created_at timestamptz not null default now(),
    primary key (account_id, person_id)
);
create index member_person_id_idx on member (person_id);

create table session (
    token_hash bytea primary key check (octet_length(token_hash) = 32),
    person_id uuid not null references person (id) on delete cascade,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null
);
create index session_person_id_idx on session (person_id);

create table project (
    account_id uuid not null references account (id) on delete cascade,
    id uuid not null,
    slug text not null check (slug ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$'),
    name text not null check (char_length(name) between 1 and 200),
    time_zone text not null default 'UTC',
    origins text[] not null default '{}',
    test_mode boolean not null default false,
    key_rules jsonb not null default '{}',
    created_at timestamptz not null default now(),
    primary key (account_id, id),
    unique (account_id, slug)
);
comment on column project.origins is
'Who may send: https://example.com, https://*.example.com or *. In test mode localhost may as well.';
comment on column project.key_rules is
'How the addresses of this project''s pages become keys; a content set''s own rules win, name by name.';

create table api_key (
    account_id uuid not null,
    id uuid not null,
    project_id uuid not null,
    kind text not null check (kind in ('read', 'write')),
    token_hash bytea not null check (octet_length(token_hash) = 32),
    hint text not null,
    created_at timestamptz not null default now(),
    expires_at timestamptz,
    revoked_at timestamptz,
    last_used_at timestamptz,
    primary key (account_id, id),
    foreign key (account_id, project_id) references project (account_id, id) on delete cascade
);
-- The key is looked up before its account is known.
create index api_key_token_hash_idx on api_key (token_hash);

create table content_set (
    account_id uuid not null,
    id uuid not null,
    project_id uuid not null,
    name text not null check (char_length(name) between 1 and 200),
    type text not null check (
        type in ('pulse', 'updown', 'yesno', 'reaction', 'rating', 'nps', 'message', 'tagged', 'form')
    ),
    visitor_policy text not null default 'visitor' check (visitor_policy in ('visitor', 'address', 'open')),
    edit_window interval default '1 hour' check (edit_window >= '0'),
    key_rules jsonb not null default '{}',
    fields jsonb not null default '[]' check (jsonb_typeof(fields) = 'array'),
    is_open_form boolean not null default false,
    contents integer not null default 0,
    created_at timestamptz not null default now(),
    primary key (account_id, id),
    unique (account_id, project_id, name),
    foreign key (account_id, project_id) references project (account_id, id) on delete cascade
);
comment on column content_set.edit_window is
'How long a signal may be edited or removed: zero is never, null is for ever.';
-- A page names its set without its account.
create index content_set_id_idx on content_set (id);

create table option (
    account_id uuid not null,
    content_set_id uuid not null,
    no smallint not null check (no >= 1),
    position smallint not null,
    value text not null check (char_length(value) between 1 and 100),
    aliases text[] not null default '{}',
    label text not null,
    icon text not null default '',
    weight double precision not null default 0 check (weight between -1 and 1),
    retired_at timestamptz,
    primary key (account_id, content_set_id, no),
    unique (account_id, content_set_id, value),
    foreign key (account_id, content_set_id) references content_set (account_id, id) on delete cascade
);
comment on column option.no is 'What tallies and feelbacks refer to; it never changes, position does.';

create table content (
    account_id uuid not null,
    id uuid not null,
    content_set_id uuid not null,
    key text collate "C" not null check (octet_length(key) between 1 and 2048),
    created_at timestamptz not null default now(),
    primary key (account_id, id),
    unique (account_id, content_set_id, key),
    foreign key (account_id, content_set_id) references content_set (account_id, id) on delete cascade
);
create index content_id_idx on content (id);
