-- The outbox. It belongs to the installation, as persons and sessions do: a mail goes to an address, which may be in no
-- account or in several; what a tenant must know of its mails it keeps in tables of its own.
create table mail (
    id uuid primary key,
    recipient text not null check (
        recipient like '%_@_%' and char_length(recipient) <= 254 and recipient !~ '[[:cntrl:]]'
    ),
    template text not null check (template ~ '^[a-z][a-z_]{0,60}$'),
    context jsonb not null default '{}' check (jsonb_typeof(context) = 'object'),
    subscription text check (char_length(subscription) between 1 and 200),
    message_id text,
    attempts integer not null default 0,
    created_at timestamptz not null,
    next_at timestamptz not null,
    give_up_at timestamptz,
    outcome text check (outcome in ('sent', 'kept', 'failed')),
    done_at timestamptz,
    last_error text,
    check ((outcome is null) = (done_at is null))
);
comment on column mail.context is 'What the template is filled with when the mail is sent; emptied then, for its links may be secrets.';
comment on column mail.subscription is
'What the mail is part of, and what its unsubscribe link ends; null for transactional mail, which has no such link.';
comment on column mail.next_at is 'When it is to be tried; while a worker has it in hand, when another may take it over.';
comment on column mail.outcome is 'Null while it waits; kept where there was no mail server to send it by.';
-- Transactional mail first: somebody waits for it.
create index mail_waiting_idx on mail ((subscription is not null), next_at) where outcome is null;
create index mail_done_at_idx on mail (done_at) where outcome is not null;
