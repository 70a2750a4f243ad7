-- Recaps exactly once, or an honest "unknown": how far each mail has come, and a row per recipient and period.
alter table mail
    add column phase text check (phase in ('connect', 'data', 'dot')),
    add column copies integer not null default 0 check (copies >= 0);
comment on column mail.phase is
'How far the attempt that is under way has come: connecting, sending the data, or the final dot. Only after the dot can a mail
have arrived without our knowing. Null between attempts.';
comment on column mail.copies is 'How many copies may have arrived: final dots that were sent and not refused.';
comment on column mail.handed_over_at is 'When the final dot was last sent.';
-- A recap whose worker ended after the dot, in the previous version.
update mail set phase = 'dot', copies = 1 where outcome is null and handed_over_at is not null;

alter table mail drop constraint mail_outcome_check;
alter table mail
    add constraint mail_outcome_check check (outcome in ('sent', 'kept', 'failed', 'unknown')) not valid;
-- The outbox keeps a month of mails, and no visitor waits for it.
-- squawk-ignore constraint-missing-not-valid
alter table mail validate constraint mail_outcome_check;
comment on column mail.outcome is
'Null while it waits; kept where there was no mail server to send it by; unknown where it may have arrived.';

create table recap_delivery (
    account_id uuid not null,
    project_id uuid not null,
    to_id uuid not null,
    unit text not null check (unit in ('week', 'month')),
    starts_on date not null,
    mail_id uuid not null,
    state text not null default 'waiting' check (state in ('waiting', 'sent', 'kept', 'failed', 'unknown')),
    phase text check (phase in ('connect', 'data', 'dot')),
    attempts integer not null default 0,
    resends integer not null default 0,
    error text,
    updated_at timestamptz not null,
    primary key (account_id, project_id, to_id, unit, starts_on),
    foreign key (account_id, project_id) references project (account_id, id) on delete cascade
);
comment on table recap_delivery is
'One row per recipient, project and period: the recap is enqueued when the row is inserted, so none is sent twice.';
comment on column recap_delivery.to_id is 'A person, or a recipient outside the account.';
comment on column recap_delivery.mail_id is 'The mail in the outbox, which is deleted 30 days after its end.';
comment on column recap_delivery.state is 'As of the mail: waiting, or its outcome.';
comment on column recap_delivery.resends is 'How often an admin sent it again.';
create unique index recap_delivery_mail_id_key on recap_delivery (mail_id);
create index recap_delivery_period_idx on recap_delivery (account_id, project_id, starts_on desc);
create index recap_delivery_updated_at_idx on recap_delivery (updated_at);

insert into recap_delivery (
    account_id, project_id, to_id, unit, starts_on, mail_id, state, phase, attempts, error, updated_at
)
select p.account_id, p.id, c.ids[4]::uuid, m.context ->> 'unit', (m.context ->> 'starts_on')::date, m.id,
    coalesce(m.outcome, 'waiting'), m.phase, m.attempts, m.last_error, coalesce(m.done_at, m.created_at)
from mail as m
cross join lateral (select string_to_array(m.consent, ' ') as ids) as c
join project as p on p.account_id = c.ids[2]::uuid and p.id = c.ids[3]::uuid
where m.template = 'recap' and m.context ? 'starts_on' and not m.context ? 'is_asked'
    and m.consent ~ '^recap [0-9a-f-]{36} [0-9a-f-]{36} [0-9a-f-]{36}$'
order by m.created_at
on conflict do nothing;
