-- Who comes, who leaves, and where they are.
create unique index member_owner_key on member (account_id) where role = 'owner';

create table invitation (
    account_id uuid not null references account (id) on delete cascade,
    id uuid not null,
    email text not null check (email like '%_@_%' and char_length(email) <= 254),
    role text not null check (role in ('admin', 'editor', 'viewer')),
    invited_by uuid references person (id) on delete set null,
    token_hash bytea not null check (octet_length(token_hash) = 32),
    created_at timestamptz not null,
    expires_at timestamptz not null,
    primary key (account_id, id)
);
comment on table invitation is 'Who was invited into an account and has not come yet. It is deleted when it is accepted or revoked.';
comment on column invitation.token_hash is 'The SHA-256 of what is in the link that was mailed last.';
create unique index invitation_email_key on invitation (account_id, lower(email));
-- The link is opened before its account is known.
create index invitation_token_hash_idx on invitation (token_hash);
create index invitation_invited_by_idx on invitation (invited_by) where invited_by is not null;

alter table session add column in_account uuid references account (id) on delete set null;
comment on column session.in_account is
'Which of their accounts the person chose to work in; where they are no member of it any more, the oldest counts.';
create index session_in_account_idx on session (in_account) where in_account is not null;
