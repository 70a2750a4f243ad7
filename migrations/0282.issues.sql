-- Issues at GitHub, GitLab and Forgejo that are opened for messages.
create table tracker (
    account_id uuid not null,
    project_id uuid not null,
    type text not null check (type in ('github', 'gitlab', 'forgejo')),
    url text not null check (char_length(url) between 1 and 500),
    path text not null check (char_length(path) between 1 and 255),
    token bytea not null check (octet_length(token) between 1 and 400),
    hook_id uuid not null,
    hook_secret bytea not null check (octet_length(hook_secret) between 1 and 128),
    labels text[] not null default '{}' check (cardinality(labels) <= 10),
    title text not null check (char_length(title) between 1 and 200),
    body text not null check (char_length(body) between 1 and 4000),
    edit_rule text check (char_length(edit_rule) between 1 and 500),
    created_at timestamptz not null,
    retry_at timestamptz,
    claimed_until timestamptz,
    revoked_at timestamptz,
    primary key (account_id, project_id),
    foreign key (account_id, project_id) references project (account_id, id) on delete cascade
);
comment on table tracker is 'Where the issues of a project are opened, and by what token.';
comment on column tracker.url is 'The address of the forge, such as https://gitlab.com.';
comment on column tracker.path is 'The repository, such as owner/repository.';
comment on column tracker.token is 'What signs in to the API of the forge, encrypted.';
comment on column tracker.hook_id is 'What the address has to which the forge posts.';
comment on column tracker.hook_secret is 'What signs these posts, encrypted.';
comment on column tracker.edit_rule is 'The address at which a page is edited, with {path}.';
comment on column tracker.retry_at is 'When the forge may be asked again, as it said itself.';
comment on column tracker.claimed_until is 'Until when a worker is busy with one of its issues: a forge is asked one thing at a time.';
comment on column tracker.revoked_at is 'When the forge no longer took the token: nothing is sent until it is replaced.';
create unique index tracker_hook_id_idx on tracker (hook_id);

create table issue (
    account_id uuid not null,
    id uuid not null,
    project_id uuid not null,
    response_id uuid not null,
    state text not null default 'opening' check (state in ('opening', 'open', 'closed', 'failed')),
    number text check (char_length(number) between 1 and 20),
    url text check (char_length(url) between 1 and 1000),
    problem text check (char_length(problem) between 1 and 50),
    attempts integer not null default 0,
    failures integer not null default 0,
    attempted_at timestamptz,
    next_at timestamptz,
    created_at timestamptz not null,
    primary key (account_id, id),
    foreign key (account_id, response_id) references triage (account_id, response_id) on delete cascade,
    foreign key (account_id, project_id) references project (account_id, id) on delete cascade
);
comment on table issue is 'An issue that is, or is to be, opened for a message or its group.';
comment on column issue.problem is 'Why the last attempt failed, as app/webhooks/forges.py names it.';
comment on column issue.attempts is 'Counts claims, too: a worker whose number is no longer this one has lost the issue to another.';
comment on column issue.next_at is 'When a worker opens it, or asks the forge for its state; null where nothing waits.';
create unique index issue_response_idx on issue (account_id, response_id);
create index issue_project_idx on issue (account_id, project_id, number);
create index issue_next_at_idx on issue (next_at) where next_at is not null;
