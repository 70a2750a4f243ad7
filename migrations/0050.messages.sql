-- What becomes of what visitors wrote: read, starred, archived. It lies beside feelback, whose rows stay as they were sent.
create table message_state (
    account_id uuid not null,
    feelback_id uuid not null,
    project_id uuid not null,
    content_set_id uuid not null,
    folder text not null default 'inbox' check (folder in ('inbox', 'archive', 'spam', 'deleted')),
    is_read boolean not null default false,
    is_starred boolean not null default false,
    moved_at timestamptz not null,
    primary key (account_id, feelback_id),
    foreign key (account_id, project_id) references project (account_id, id) on delete cascade
);
comment on table message_state is
'A message, tagged message or form in a project''s inbox. One that has no row yet is new: in the inbox, unread.';
comment on column message_state.moved_at is 'When it came into its folder: what is deleted goes for good some time after.';
create index message_state_folder_idx on message_state (account_id, project_id, folder, feelback_id);
create index message_state_unread_idx on message_state (account_id, project_id, feelback_id)
where folder = 'inbox' and not is_read;
create index message_state_starred_idx on message_state (account_id, project_id, feelback_id) where is_starred;
create index message_state_deleted_idx on message_state (moved_at) where folder = 'deleted';

create table message_roll (
    one boolean primary key default true check (one),
    gathered_at timestamptz not null
);
comment on table message_roll is 'Until when messages have been gathered into message_state.';
insert into message_roll (gathered_at) values ('-infinity');

create table message_act (
    account_id uuid not null,
    id uuid not null,
    project_id uuid not null,
    person_id uuid,
    act text not null,
    acted_at timestamptz not null,
    undone_at timestamptz,
    feelback_ids uuid[] not null,
    folders text[] not null,
    were_read boolean[] not null,
    were_starred boolean[] not null,
    primary key (account_id, id),
    foreign key (account_id, project_id) references project (account_id, id) on delete cascade
);
comment on table message_act is 'What was done with messages, and how they were before: what undoing restores.';
create index message_act_acted_at_idx on message_act using brin (acted_at);

-- Words that visitors wrote, and who they said they are. The set's id is one of the words, so that a search looks up the
-- set's messages only, whatever other tenants wrote. A tsvector holds a megabyte: of what is very long the first part is
-- indexed, for an error here would refuse the message. It must be written the same in message_words.
create index feelback_words_idx on feelback using gin (
    (
        to_tsvector('simple', left(coalesce(body, ''), 100000) || ' ' || left(coalesce(context ->> '$user', ''), 1000))
        || case
            when octet_length(fields::text) <= 200000 then jsonb_to_tsvector('simple', fields, '["string", "numeric"]')
            else ''::tsvector
        end
        || array_to_tsvector(array[content_set_id::text])
    )
) where body is not null or fields is not null;
