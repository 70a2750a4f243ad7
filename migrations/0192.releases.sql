-- Releases: what a project's owner has changed, when, and on which pages.
create table release (
    account_id uuid not null,
    id uuid not null,
    project_id uuid not null,
    name text not null check (char_length(name) between 1 and 100),
    link text check (char_length(link) between 1 and 2000),
    patterns text[] not null check (cardinality(patterns) between 1 and 20),
    released_at timestamptz not null,
    created_at timestamptz not null,
    primary key (account_id, id),
    unique (account_id, project_id, released_at, name),
    foreign key (account_id, project_id) references project (account_id, id) on delete cascade
);
comment on table release is 'Changes of a website or an app that are drawn on charts, with the pages that they touch.';
comment on column release.patterns is 'Globs of page keys, such as /docs/*.';
