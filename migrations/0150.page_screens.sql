create table window_choice (
    account_id uuid not null,
    project_id uuid not null,
    person_id uuid not null,
    name text not null check (name <> '' and char_length(name) <= 20),
    comparison text not null check (comparison in ('previous', 'year', 'none')),
    primary key (account_id, project_id, person_id),
    foreign key (account_id, project_id) references project (account_id, id) on delete cascade,
    foreign key (account_id, person_id) references member (account_id, person_id) on delete cascade
);
comment on table window_choice is 'The window and comparison that a member last chose in a project: what its screens show.';
create index window_choice_member_idx on window_choice (account_id, person_id);

create table page_key_change (
    account_id uuid not null,
    page_id uuid not null,
    renamed_at timestamptz not null,
    from_key text not null,
    to_key text not null,
    primary key (account_id, page_id, renamed_at),
    foreign key (account_id, page_id) references page (account_id, id) on delete cascade
);
comment on table page_key_change is 'Earlier keys of pages: what their screens show of their history.';
