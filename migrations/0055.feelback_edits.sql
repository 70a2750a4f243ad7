create table feelback_edit (
    account_id uuid not null,
    feelback_id uuid not null,
    edited_at timestamptz not null,
    option_no smallint not null,
    body text,
    fields jsonb,
    primary key (account_id, feelback_id, edited_at)
);
comment on table feelback_edit is
'What a signal said until it was edited at edited_at. Only edits write it, up to 50 a signal; it goes with its signal.';

-- A project's contents in a window, without passing those of all others of its account. None of its columns ever changes.
create index content_score_project_idx on content_score (account_id, project_id, days, content_id);
