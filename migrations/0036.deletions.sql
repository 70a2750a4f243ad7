-- What is being deleted and has too many signals to be gone at once.
create table deletion (
    account_id uuid not null,
    id uuid not null,
    project_id uuid not null,
    kind text not null check (kind in ('project', 'set', 'content')),
    name text not null,
    asked_at timestamptz not null,
    signals bigint not null,
    gone bigint not null default 0,
    after_id uuid not null default '00000000-0000-0000-0000-000000000000',
    primary key (account_id, id),
    foreign key (account_id, project_id) references project (account_id, id) on delete cascade
);
comment on table deletion is
'Projects, sets and contents that are being deleted: how many signals they had, how many are gone, and up to which id.';
