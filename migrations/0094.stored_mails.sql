-- The text of mails that could not be sent for want of a mail server. It may contain links to sign in with, so that it is
-- apart from the outbox: backups leave it out, and it is deleted when its links have expired.
create table mail_body (
    mail_id uuid primary key references mail (id) on delete cascade,
    body bytea not null,
    expires_at timestamptz not null
);
comment on table mail_body is 'Mails that were stored for want of a mail server, as RFC 5322 messages. Backups leave them out.';
comment on column mail_body.expires_at is 'When the body is deleted: its links have expired by then.';
create index mail_body_expires_at_idx on mail_body (expires_at);

insert into mail_body (mail_id, body, expires_at)
select id, body, case when context ?| '{url,code}' then coalesce(give_up_at, now()) else created_at + interval '30 days' end
from mail
where body is not null;
update mail set body = null, context = '{}' where outcome = 'kept';
