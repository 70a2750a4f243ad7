-- Merged pages: the source's address becomes an alias of the target. What undoing a merge needs lies in tables of its own.
alter table page add column merged_into uuid;
comment on column page.merged_into is 'The page whose alias its key is; it is in no list then.';
alter table placement
    add column target_id uuid,
    add column alias_version uuid;
comment on column placement.target_id is 'On a merged page: the placement of the target, for which responses are stored and read.';
comment on column placement.alias_version is
'Set where its page has aliases or is one, and another after each change of them: by it ingestion knows all addresses of the page.';

create table page_merge (
    account_id uuid not null,
    id uuid not null,
    project_id uuid not null,
    source_id uuid not null,
    target_id uuid not null,
    source_key text not null,
    target_key text not null,
    state text not null check (state in ('merging', 'merged', 'undoing', 'undone')),
    requested_at timestamptz not null,
    undo_until timestamptz not null,
    finished_at timestamptz,
    next_at timestamptz,
    responses bigint not null default 0,
    moved bigint not null default 0,
    holds bigint not null default 0,
    after_id uuid not null default '00000000-0000-0000-0000-000000000000',
    primary key (account_id, id),
    foreign key (account_id, project_id) references project (account_id, id) on delete cascade,
    foreign key (account_id, source_id) references page (account_id, id) on delete cascade,
    foreign key (account_id, target_id) references page (account_id, id) on delete cascade
);
comment on table page_merge is 'Merges of pages: source into target, how far they are, and until when they can be undone.';
comment on column page_merge.next_at is 'When the worker continues; null where nothing is left to do.';
comment on column page_merge.responses is 'Responses of the source when it began: to move, or to hold.';
comment on column page_merge.holds is 'Responses that do not count because the visitor has a newer one on the other page.';
create index page_merge_next_at_idx on page_merge (next_at) where next_at is not null;
create index page_merge_project_idx on page_merge (account_id, project_id);
create index page_merge_source_idx on page_merge (account_id, source_id);
create index page_merge_target_idx on page_merge (account_id, target_id);

create table merge_response (
    account_id uuid not null,
    response_id uuid not null,
    merge_id uuid not null,
    placement_id uuid not null,
    expires_at timestamptz not null,
    primary key (account_id, response_id)
);
comment on table merge_response is 'Responses of a target that came from the source, or by its address: to which placement undoing returns them.';
create index merge_response_merge_idx on merge_response (account_id, merge_id, response_id);
create index merge_response_expires_at_idx on merge_response using brin (expires_at);

create table merge_hold (
    account_id uuid not null,
    id uuid not null,
    merge_id uuid not null,
    placement_id uuid not null,
    counting_id uuid not null,
    widget_id uuid not null,
    option_no smallint not null,
    counted_on date,
    created_at timestamptz not null,
    edited_at timestamptz,
    visitor bytea,
    dedup_key bytea,
    visit_placement_id uuid,
    visit_expires_at timestamptz,
    context jsonb,
    edits jsonb,
    is_past boolean not null default false,
    expires_at timestamptz not null,
    primary key (account_id, id)
);
comment on table merge_hold is 'Responses that a merge has taken out, because the same visitor''s newer one counts; undoing puts them back.';
comment on column merge_hold.is_past is 'Retention has deleted it: only its count comes back.';
create index merge_hold_merge_idx on merge_hold (account_id, merge_id);
create index merge_hold_counting_idx on merge_hold (account_id, counting_id);
create index merge_hold_visitor_idx on merge_hold (account_id, visitor);

create table merge_visitor (
    account_id uuid not null,
    merge_id uuid not null,
    widget_id uuid not null,
    visitor bytea not null,
    is_test boolean not null,
    response_id uuid not null,
    primary key (account_id, merge_id, widget_id, visitor, is_test)
);
comment on table merge_visitor is 'While a merge goes through the responses: the newest of each visitor so far.';

create table merge_visit (
    account_id uuid not null,
    dedup_key bytea not null,
    placement_id uuid not null,
    own_placement_id uuid not null,
    response_id uuid not null,
    expires_at timestamptz not null,
    primary key (account_id, dedup_key)
);
comment on table merge_visit is
'Visits that exist because of a merge: at an address of the page (placement_id) other than that of the response (own_placement_id).';
create index merge_visit_response_idx on merge_visit (account_id, response_id);

create table merge_tally (
    account_id uuid not null,
    merge_id uuid not null,
    placement_id uuid not null,
    day date not null,
    option_no smallint not null,
    count bigint not null,
    expires_at timestamptz not null,
    primary key (account_id, merge_id, placement_id, day, option_no)
);
comment on table merge_tally is 'Counts that a merge has moved and whose responses retention has deleted: undoing returns them.';
