drop table attempt, known_browser, token, recovery_code;
alter table session
    drop column id, drop column last_seen_at, drop column confirmed_at, drop column browser,
    drop column code_hash, drop column code_expires_at;
alter table person drop column verified_at, drop column totp_salt, drop column totp_step;
