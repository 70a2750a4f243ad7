-- Who gets recaps of a project, and until which period they have been enqueued.
create table recap_choice (
    account_id uuid not null,
    project_id uuid not null,
    person_id uuid not null,
    weekly boolean not null,
    monthly boolean not null,
    chosen_at timestamptz not null default now(),
    primary key (account_id, project_id, person_id),
    foreign key (account_id, project_id) references project (account_id, id) on delete cascade,
    foreign key (account_id, person_id) references member (account_id, person_id) on delete cascade
);
comment on table recap_choice is 'Which recaps a member chose. No row: the weekly one.';
create index recap_choice_member_idx on recap_choice (account_id, person_id);

create table recap_recipient (
    account_id uuid not null,
    id uuid not null,
    project_id uuid not null,
    email text not null check (email like '%_@_%' and char_length(email) <= 254),
    weekly boolean not null,
    monthly boolean not null,
    asked_at timestamptz not null,
    token_hash bytea check (octet_length(token_hash) = 32),
    confirmed_at timestamptz,
    ended_at timestamptz,
    primary key (account_id, id),
    foreign key (account_id, project_id) references project (account_id, id) on delete cascade
);
comment on table recap_recipient is 'Who gets recaps without being a member, from when they confirm until they unsubscribe.';
comment on column recap_recipient.token_hash is 'The SHA-256 of what is in the link that they confirm by.';
comment on column recap_recipient.ended_at is 'When they unsubscribed: nobody is asked again who has.';
create unique index recap_recipient_email_key on recap_recipient (account_id, project_id, lower(email));
-- The link is opened before its account is known.
create index recap_recipient_token_hash_idx on recap_recipient (token_hash) where token_hash is not null;
create index recap_recipient_asked_at_idx on recap_recipient (asked_at) where confirmed_at is null;

create table recap_turn (
    account_id uuid not null,
    project_id uuid not null,
    unit text not null check (unit in ('week', 'month')),
    starts_on date not null,
    primary key (account_id, project_id, unit),
    foreign key (account_id, project_id) references project (account_id, id) on delete cascade
);
comment on table recap_turn is 'The last week and month of a project whose recaps have been enqueued: none is twice.';
-- Whoever brings an installation to this version gets the next recap, not one of a week that is over for days.
insert into recap_turn (account_id, project_id, unit, starts_on)
select p.account_id, p.id, u.unit,
    (date_trunc(u.unit, now() at time zone p.time_zone) - ('1 ' || u.unit)::interval)::date
from project as p
cross join (values ('week'), ('month')) as u (unit);

alter table mail
    add column handed_at timestamptz,
    add column body bytea;
comment on column mail.handed_at is
'When the mail server was last given it; where that stands without an outcome, a worker ended before it learned of one.';
comment on column mail.body is 'The mail as it was written, where there was no mail server to send it by; for the page of the outbox.';
create index mail_created_at_idx on mail (created_at desc, id desc);
