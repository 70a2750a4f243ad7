-- Triage: what members make of messages. It lies beside message_state, whose rows the version before writes too.
create table triage (
    account_id uuid not null,
    response_id uuid not null,
    project_id uuid not null,
    status text not null default 'new' check (status in ('new', 'in_progress', 'resolved', 'dismissed')),
    assignee_id uuid,
    group_id uuid,
    primary key (account_id, response_id),
    foreign key (account_id, response_id) references message_state (account_id, response_id) on delete cascade,
    foreign key (account_id, project_id) references project (account_id, id) on delete cascade,
    foreign key (account_id, assignee_id) references member (account_id, person_id) on delete set null (assignee_id)
);
comment on table triage is
'Status, assignee and group of a message. One without a row is new, assigned to nobody and in no group. It goes with the message.';
comment on column triage.group_id is 'What the messages share of which members say that they are the same.';
create index triage_status_idx on triage (account_id, project_id, status, response_id);
create index triage_assignee_idx on triage (account_id, assignee_id, response_id) where assignee_id is not null;
create index triage_group_idx on triage (account_id, group_id, response_id) where group_id is not null;

create table tag (
    account_id uuid not null,
    id uuid not null,
    project_id uuid not null,
    name text not null check (char_length(name) between 1 and 40),
    created_at timestamptz not null,
    primary key (account_id, id),
    foreign key (account_id, project_id) references project (account_id, id) on delete cascade
);
comment on table tag is 'Words of a project by which its members sort messages.';
create unique index tag_name_idx on tag (account_id, project_id, lower(name));

create table message_tag (
    account_id uuid not null,
    response_id uuid not null,
    tag_id uuid not null,
    primary key (account_id, response_id, tag_id),
    foreign key (account_id, response_id) references triage (account_id, response_id) on delete cascade,
    foreign key (account_id, tag_id) references tag (account_id, id) on delete cascade
);
comment on table message_tag is 'The tags of messages.';
create index message_tag_tag_idx on message_tag (account_id, tag_id, response_id);

create table note (
    account_id uuid not null,
    id uuid not null,
    project_id uuid not null,
    response_id uuid not null,
    person_id uuid,
    body text not null check (char_length(body) between 1 and 2000),
    created_at timestamptz not null,
    primary key (account_id, id),
    foreign key (account_id, response_id) references triage (account_id, response_id) on delete cascade,
    foreign key (account_id, project_id) references project (account_id, id) on delete cascade,
    foreign key (account_id, person_id) references member (account_id, person_id) on delete set null (person_id)
);
comment on table note is 'What members write to each other about a message. Visitors never see it.';
comment on column note.person_id is 'Who wrote it; null for a program with an API key, and for somebody who left the account.';
create index note_response_idx on note (account_id, response_id, id);
create index note_person_idx on note (account_id, person_id) where person_id is not null;

create table saved_view (
    account_id uuid not null,
    id uuid not null,
    project_id uuid not null,
    name text not null check (char_length(name) between 1 and 60),
    query text not null check (char_length(query) between 1 and 4000),
    created_at timestamptz not null,
    primary key (account_id, id),
    foreign key (account_id, project_id) references project (account_id, id) on delete cascade
);
comment on table saved_view is 'Filters of the inbox by name, which the members of a project share.';
comment on column saved_view.query is 'The parameters of the inbox''s address.';
create unique index saved_view_name_idx on saved_view (account_id, project_id, lower(name));

create table triage_action (
    account_id uuid not null,
    id uuid not null,
    project_id uuid not null,
    fields text[] not null,
    tag_ids uuid[] not null,
    before jsonb not null,
    acted_at timestamptz not null,
    undone_at timestamptz,
    primary key (account_id, id),
    foreign key (account_id, project_id) references project (account_id, id) on delete cascade
);
comment on table triage_action is 'Changes of triage, with the state before them, by which they are undone within an hour.';
comment on column triage_action.fields is 'What it changed: status, assignee, tags, group.';
comment on column triage_action.tag_ids is 'The tags that it added or removed.';
comment on column triage_action.before is 'Of each message that it changed: id, status, assignee, group, tags.';
create index triage_action_acted_at_idx on triage_action using brin (acted_at);

-- Similar messages are suggested where the extension can be had. It is trusted: whoever may create in the database may create it.
do $$
begin
    create extension if not exists pg_trgm with schema public;
exception
    when lock_not_available or query_canceled then
        raise;
    when others then  -- services that host Postgres refuse extensions in ways of their own
        raise notice 'pg_trgm cannot be created: the inbox suggests no similar messages. %', sqlerrm;
end;
$$;
