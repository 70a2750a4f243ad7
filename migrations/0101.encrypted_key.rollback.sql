update person set totp_salt = null where octet_length(totp_salt) <> 16;
alter table person drop constraint person_totp_salt_check;
alter table person add constraint person_totp_salt_check check (octet_length(totp_salt) = 16);
alter table visitor_salt drop column is_keyed;
drop table encrypted_key;
