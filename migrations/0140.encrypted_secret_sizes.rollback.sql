-- The version before cannot open these: their owners sign in with a recovery code, and set up the app again.
update person set totp_salt = null where octet_length(totp_salt) = 49;
alter table person drop constraint person_totp_salt_check;
alter table person add constraint person_totp_salt_check check (octet_length(totp_salt) in (16, 52)) not valid;
