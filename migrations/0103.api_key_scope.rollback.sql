-- The version before knows no key that may only send or only count: they would be able to do more.
update api_key set revoked_at = coalesce(revoked_at, now()) where scope in ('send', 'read_counts');
comment on column api_key.kind is null;
alter table api_key drop column scope;
