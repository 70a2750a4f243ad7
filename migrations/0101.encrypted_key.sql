-- Secrets that the database holds only encrypted, and whether a day's visitors are hashed with more than its salt.
create table encrypted_key (
    name text primary key,
    encrypted bytea not null check (octet_length(encrypted) between 33 and 96),
    updated_at timestamptz not null default now()
);
comment on table encrypted_key is
'Keys that outlive a change of SECRET_KEY, encrypted by a key derived from it: `visitor` hashes visitors.';

alter table visitor_salt add column is_keyed boolean not null default false;
comment on column visitor_salt.is_keyed is
'Whether the day''s visitors are hashed with the salt and the key in encrypted_key; false where an older version began the day.';

-- 16 bytes are a salt, from which and SECRET_KEY the secret derives; 52 are the secret, encrypted when SECRET_KEY changed.
alter table person drop constraint person_totp_salt_check;
alter table person add constraint person_totp_salt_check check (octet_length(totp_salt) in (16, 52)) not valid;
comment on column person.totp_salt is
'Null without an authenticator app. 16 bytes: a salt, from which and SECRET_KEY its secret derives. 52 bytes: the secret,
encrypted with a key derived from SECRET_KEY.';
