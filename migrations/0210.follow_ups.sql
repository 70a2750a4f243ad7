-- Follow-ups of options: a question, reasons, a message, a contact. A response keeps its reasons; mentions are counted.
create table follow_up (
    account_id uuid not null,
    widget_id uuid not null,
    option_no smallint not null,
    question text not null check (char_length(question) between 1 and 200),
    is_multiple boolean not null default false,
    takes_message boolean not null default false,
    takes_contact boolean not null default false,
    primary key (account_id, widget_id, option_no),
    foreign key (account_id, widget_id, option_no) references option (account_id, widget_id, no) on delete cascade
);
comment on table follow_up is 'What is asked after an option was chosen: each part is optional for the visitor.';
comment on column follow_up.is_multiple is 'Whether a response may have several reasons.';

create table reason (
    account_id uuid not null,
    widget_id uuid not null,
    no smallint not null check (no >= 1),
    option_no smallint not null,
    position smallint not null,
    value text not null check (char_length(value) between 1 and 100),
    label text not null check (char_length(label) between 1 and 100),
    archived_at timestamptz,
    primary key (account_id, widget_id, no),
    unique (account_id, widget_id, option_no, value),
    foreign key (account_id, widget_id, option_no) references option (account_id, widget_id, no) on delete cascade
);
comment on table reason is 'Reasons for an option, which its follow-up offers.';
comment on column reason.no is 'Referred to by tallies and responses; it never changes, position does.';
comment on column reason.archived_at is 'Since when it is not offered. Its counts stay, and it may come back.';

alter table response
    add column reason_nos smallint[],
    add column contact text;
comment on column response.reason_nos is 'Its reasons, in ascending order: all of its option. Null for none.';
comment on column response.contact is 'The address that the visitor left, to be answered.';
alter table response_edit add column reason_nos smallint[];
comment on column response_edit.reason_nos is 'The reasons that it had.';

create table reason_tally (
    account_id uuid not null,
    placement_id uuid not null,
    reason_no smallint not null,
    count bigint not null check (count >= 0),
    primary key (account_id, placement_id, reason_no)
) with (fillfactor = 50);
comment on table reason_tally is 'Responses of a placement that mention a reason, of all time.';

create table reason_tally_day (
    account_id uuid not null,
    placement_id uuid not null,
    day date not null,
    reason_no smallint not null,
    count bigint not null check (count >= 0),
    primary key (account_id, placement_id, day, reason_no)
) with (fillfactor = 70);
comment on table reason_tally_day is
'Responses of a placement that mention a reason, of a day in the project''s zone: the day on which the response counts.';

alter table merge_hold
    add column reason_nos smallint[],
    add column body text,
    add column contact text;
create table merge_reason_tally (
    account_id uuid not null,
    merge_id uuid not null,
    placement_id uuid not null,
    day date not null,
    reason_no smallint not null,
    count bigint not null,
    expires_at timestamptz not null,
    primary key (account_id, merge_id, placement_id, day, reason_no)
);
comment on table merge_reason_tally is
'Mentions that a merge has moved and whose responses retention has deleted: undoing returns them.';
