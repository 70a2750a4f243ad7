-- A secret that AES-GCM encrypted has 49 bytes. The new check lets in all that the old one did: no row needs to be looked at.
alter table person drop constraint person_totp_salt_check;
alter table person add constraint person_totp_salt_check check (octet_length(totp_salt) in (16, 49, 52)) not valid;
comment on column person.totp_salt is
'Null without an authenticator app. 16 bytes: a salt, from which and SECRET_KEY its secret derives. 49 bytes: the secret,
encrypted with a key derived from SECRET_KEY; 52 bytes: the same, by a version before this migration.';
