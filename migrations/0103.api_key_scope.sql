-- What an API key may do, in four scopes instead of two kinds. Keys keep what they could do.
alter table api_key add column scope text not null default 'read_messages'
    check (scope in ('send', 'read_counts', 'read_messages', 'manage'));
update api_key set scope = 'manage' where kind = 'write';
comment on column api_key.scope is
'send: send responses; read_counts: read settings and counts; read_messages: and responses; manage: all of these, settings, people
and deletions.';
comment on column api_key.kind is 'Of versions before scopes: write for those that may send, else read.';
