-- Limits that protect the database or a project hold for all web processes together: each keeps its share of them.
create table web_process (
    id uuid primary key,
    seen_at timestamptz not null
);
comment on table web_process is 'The web processes of all machines, and when each last said that it runs.';
