-- Replies: what members write to visitors by mail, and who asked for no more of it.
create table reply (
    account_id uuid not null,
    id uuid not null,
    project_id uuid not null,
    response_id uuid not null,
    person_id uuid,
    body text not null check (char_length(body) between 1 and 4000),
    is_fix boolean not null,
    address_hash bytea not null check (octet_length(address_hash) = 32),
    message_id text not null check (char_length(message_id) between 3 and 320),
    created_at timestamptz not null,
    state text not null default 'waiting' check (state in ('waiting', 'sent', 'kept', 'failed', 'unknown')),
    error text,
    updated_at timestamptz not null,
    primary key (account_id, id),
    foreign key (account_id, response_id) references triage (account_id, response_id) on delete cascade,
    foreign key (account_id, project_id) references project (account_id, id) on delete cascade,
    foreign key (account_id, person_id) references member (account_id, person_id) on delete set null (person_id)
);
comment on table reply is 'What members wrote to the visitor of a message by mail. It goes with the message, and its mail with it.';
comment on column reply.person_id is 'Who wrote it; null for a program with an API key, and for somebody who left the account.';
comment on column reply.is_fix is 'Whether it says that what the message is about is fixed; a message has one of these.';
comment on column reply.address_hash is 'The keyed hash of the recipient, as in opt_out.';
comment on column reply.message_id is 'The Message-ID of its mail, by which later replies are threaded.';
comment on column reply.state is 'The state of its mail in the outbox, kept where there is no mail server.';
create index reply_response_idx on reply (account_id, response_id, id);
create index reply_address_idx on reply (account_id, address_hash);
create index reply_person_idx on reply (account_id, person_id) where person_id is not null;
create unique index reply_fix_idx on reply (account_id, response_id) where is_fix;

create table opt_out (
    account_id uuid not null references account (id) on delete cascade,
    address_hash bytea not null check (octet_length(address_hash) = 32),
    created_at timestamptz not null,
    primary key (account_id, address_hash)
);
comment on table opt_out is 'Visitors who asked for no more mail from an account, by keyed hashes of their addresses.';

alter table mail add column reply_account_id uuid, add column reply_id uuid;
alter table mail add constraint mail_reply_fkey
foreign key (reply_account_id, reply_id) references reply (account_id, id) on delete cascade not valid;
comment on column mail.reply_id is 'The reply that it sends, of the account reply_account_id; the mail is deleted with it.';
