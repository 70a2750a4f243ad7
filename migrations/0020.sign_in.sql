-- Signing in. A person belongs to the installation, as sessions do: they may be a member of several accounts or of none.
alter table person
    add column verified_at timestamptz,
    add column totp_salt bytea check (octet_length(totp_salt) = 16),
    add column totp_step bigint not null default 0;
update person set verified_at = created_at;
comment on column person.verified_at is 'When they showed that the address is theirs; who has not after a week is deleted.';
comment on column person.totp_salt is
'Null while they have no authenticator app. Its secret is made of this and SECRET_KEY: the database alone gives no codes.';
comment on column person.totp_step is 'The time step of the last code that was taken: no code is taken twice.';

create table recovery_code (
    person_id uuid not null references person (id) on delete cascade,
    code_hash bytea not null check (octet_length(code_hash) = 32),
    primary key (person_id, code_hash)
);
comment on table recovery_code is 'What stands in for an authenticator app that is lost; each is deleted when it is used.';

create table token (
    token_hash bytea primary key check (octet_length(token_hash) = 32),
    person_id uuid not null references person (id) on delete cascade,
    purpose text not null check (purpose in ('verify', 'magic_link', 'reset', 'email_change', 'second_step')),
    email text not null,
    created_at timestamptz not null,
    expires_at timestamptz not null
);
comment on table token is 'Links that wait to be used, by the SHA-256 of what is in them; each is deleted when it is used.';
comment on column token.email is 'The address that it was sent to, and that using it proves.';
create index token_person_id_idx on token (person_id);
create index token_expires_at_idx on token (expires_at);

alter table session
    add column id uuid not null default gen_random_uuid(),
    add column last_seen_at timestamptz not null default now(),
    add column confirmed_at timestamptz,
    add column browser text not null default '' check (char_length(browser) <= 100),
    add column code_hash bytea check (octet_length(code_hash) = 32),
    add column code_expires_at timestamptz;
comment on column session.id is 'What lists of sessions name it by.';
comment on column session.confirmed_at is 'When they last proved who they are: dangerous acts want that to be fresh.';
comment on column session.code_hash is 'The SHA-256 of the session''s token and the code that was mailed to confirm it.';

create table known_browser (
    person_id uuid not null references person (id) on delete cascade,
    browser_hash bytea not null check (octet_length(browser_hash) = 32),
    last_seen_at timestamptz not null,
    primary key (person_id, browser_hash)
);
comment on table known_browser is 'From which browsers a person has signed in: another one is told by mail.';

-- Not worth the write-ahead log: a crash forgets the last minutes' tries.
create unlogged table attempt (
    key bytea primary key check (octet_length(key) = 32),
    free_at timestamptz not null
);
comment on table attempt is
'Who tries what how often, under keyed hashes. free_at is when all tries are there again: each try moves it on.';
create index attempt_free_at_idx on attempt (free_at);
