alter table project
    add column free_keys boolean not null default true,
    add column network_pages integer not null default 500 check (network_pages between 0 and 1000000),
    add column network_messages integer not null default 300 check (network_messages between 0 and 1000000);
comment on column project.free_keys is
'Whether page keys may be names of any kind, as those of projects from before this column; else addresses of its sites.';
comment on column project.network_pages is 'How many new pages a day may come from one network: a /24, or a /56 of IPv6.';
comment on column project.network_messages is 'How many messages and forms a day may come from one network.';

-- Not worth the write-ahead log, and better not in it: a crash forgets a day's counts.
create unlogged table network_day (
    account_id uuid not null,
    project_id uuid not null,
    network bytea not null check (octet_length(network) = 16),
    pages integer not null check (pages >= 0),
    messages integer not null check (messages >= 0),
    expires_at timestamptz not null,
    primary key (account_id, project_id, network)
);
comment on table network_day is
'How many new pages and messages came from a network today. The network is hashed with the day''s salt.';
create index network_day_expires_at_idx on network_day (expires_at);

alter table page add column deletion_id uuid;
comment on column page.deletion_id is 'The deletion of many pages that this one is part of.';
alter table deletion drop constraint deletion_kind_check;
-- The table has a row for each deletion that goes on.
-- squawk-ignore constraint-missing-not-valid
alter table deletion add constraint deletion_kind_check check (kind in ('project', 'widget', 'placement', 'pages'));
