-- Passages: what of a page a response is about, as the selectors of a W3C Web Annotation.
create table passage (
    account_id uuid not null,
    response_id uuid not null,
    project_id uuid not null,
    placement_id uuid not null,
    exact text not null check (char_length(exact) between 1 and 1000),
    prefix text not null default '' check (char_length(prefix) <= 64),
    suffix text not null default '' check (char_length(suffix) <= 64),
    heading text not null default '' check (char_length(heading) <= 300),
    start_at integer not null check (start_at >= 0),
    end_at integer not null check (end_at > start_at),
    current text check (char_length(current) between 1 and 2000),
    is_outdated boolean not null default false,
    checked_at timestamptz,
    primary key (account_id, response_id),
    foreign key (account_id, project_id) references project (account_id, id) on delete cascade
);
comment on table passage is
'The passage of a page that a response is about: its words with those around them (TextQuoteSelector), where they are in the
page''s text (TextPositionSelector), and the heading above them.';
comment on column passage.placement_id is
'Where the response was sent: of a merged page, that is the alias. The response itself counts on the target.';
comment on column passage.start_at is 'In UTF-16 code units, as browsers count; end_at is behind the last one.';
comment on column passage.current is 'The words in its place when somebody last looked; null for the same.';
comment on column passage.is_outdated is 'Whether the page no longer had it when somebody last looked, at checked_at.';
create index passage_placement_idx on passage (account_id, placement_id, response_id);
