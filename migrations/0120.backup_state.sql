-- What is known of backups, so that nobody learns only when one is needed that there is none.
create table backup_state (
    is_only boolean primary key default true check (is_only),
    expected_since timestamptz,
    made_at timestamptz,
    name text check (char_length(name) <= 200),
    bytes bigint,
    row_count bigint,
    failed_at timestamptz,
    error text check (char_length(error) <= 500),
    late_since timestamptz,
    has_drills boolean not null default false,
    drill_at timestamptz,
    drill_ended_at timestamptz,
    drill_name text check (char_length(drill_name) <= 200),
    drill_seconds double precision,
    drill_rows bigint,
    drill_differed bigint,
    drill_error text check (char_length(drill_error) <= 500)
);
comment on table backup_state is 'The last backup and the last restore drill: one row.';
comment on column backup_state.expected_since is 'Since when there should be backups: BACKUP_URL was set, or the first was made; null if neither.';
comment on column backup_state.made_at is 'The moment that the last good backup is of; name, bytes and row_count are of that one.';
comment on column backup_state.failed_at is 'When a backup last failed, if none succeeded since; error says why.';
comment on column backup_state.late_since is 'When operators were sent a mail that there is no recent backup; null while there is one.';
comment on column backup_state.has_drills is 'Whether a worker can restore the newest backup each week.';
comment on column backup_state.drill_at is 'When the last drill began; the other columns of drills are of the last one that ended.';
comment on column backup_state.drill_rows is 'Rows that were restored; null if the backup could only be verified.';
comment on column backup_state.drill_differed is 'Tables and counts that differed from the manifest and the responses.';
comment on column backup_state.drill_error is 'Why the drill failed; null if it did not.';
insert into backup_state default values;
