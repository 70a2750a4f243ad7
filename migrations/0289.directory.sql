-- On Citus it is on the coordinator, so that a look-up without the account asks one node instead of all.
create table directory (
    lookup_key bytea primary key check (octet_length(lookup_key) in (16, 32)),
    account_id uuid not null
);
create index directory_account_id_idx on directory (account_id);
comment on table directory is
'The account of what is looked up often by callers that do not know it: widgets by their id, API keys by the SHA-256 of their secret. Only a
hint: callers then read the row of that account, so that a stale entry finds nothing. Rows that a version before created may have none.';
comment on column directory.lookup_key is 'The bytes of a widget''s id, or the token_hash of an API key.';
