-- That responses can be stored is tried each minute, as everything else may look well while a disk is full.
create table write_check (
    machine text primary key check (char_length(machine) between 1 and 100),
    checked_at timestamptz not null
);
comment on table write_check is 'When a web process of a machine last found that a response can be stored, counted and read.';
