create table known_device (
    id uuid not null unique default gen_random_uuid(),
    person_id uuid not null references person (id) on delete cascade,
    device_hash bytea not null check (octet_length(device_hash) = 32),
    browser text not null check (char_length(browser) <= 100),
    created_at timestamptz not null,
    last_seen_at timestamptz not null,
    primary key (person_id, device_hash)
);
comment on table known_device is
'Browsers in which a person has signed in, by the SHA-256 of a cookie''s token. They have sign-in limits of their own.';
create index known_device_device_hash_idx on known_device (device_hash);
