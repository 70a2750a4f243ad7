-- What the scheduler ran. The primary key is what rules out that a job runs twice for one due time.
create table job_run (
    job text not null,
    due_at timestamptz not null,
    started_at timestamptz not null default now(),
    finished_at timestamptz,
    error text,
    primary key (job, due_at)
);
comment on table job_run is 'Each run of a scheduled job by our own scheduler; pg_cron keeps its runs in cron.job_run_details.';
