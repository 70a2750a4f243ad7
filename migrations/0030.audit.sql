-- Who changed what. The names in it are written down as they were then: what it tells of may be gone.
create table audit (
    account_id uuid not null references account (id) on delete cascade,
    id uuid not null,
    at timestamptz not null,
    person_id uuid,
    api_key_id uuid,
    actor text not null check (char_length(actor) <= 300),
    what text not null check (what ~ '^[a-z]+(_[a-z]+)*\.[a-z]+(_[a-z]+)*$'),
    about text not null check (char_length(about) <= 300),
    details jsonb not null default '{}' check (jsonb_typeof(details) = 'object'),
    primary key (account_id, id)
);
comment on table audit is 'Everything that changed settings, people or data of an account. Nothing in it is changed.';
comment on column audit.actor is
'Who did it, as they were called then: a person''s address, an API key; the command line and jobs where neither id is set.';
comment on column audit.what is 'The noun and what was done to it: project.created, member.removed.';
comment on column audit.about is 'Which one, by the name that people know it by.';
create index audit_at_idx on audit (account_id, at desc, id desc);
create index audit_person_id_idx on audit (person_id) where person_id is not null;

alter table account add column audit_days integer not null default 365 check (audit_days between 30 and 3650);
comment on column account.audit_days is 'How long the audit log is kept.';
