create view fn.job (name, schedule, command, purpose, late_after) as
values
    ('create partitions', '7 0 * * *', 'select fn.create_partitions()',
        'Makes the months of feelback ahead.', interval '3 days'),
    ('delete old visits', '0 0 * * *', 'select fn.delete_old_visits()',
        'Destroys yesterday''s salt and the visits hashed under it.', interval '2 hours'),
    ('delete old rejections', '23 1 * * *', 'select fn.delete_old_rejections()',
        'Forgets what was refused more than 30 days ago.', interval '2 days'),
    ('delete expired sessions', '37 1 * * *', 'select fn.delete_expired_sessions()',
        'Ends the sessions whose time is over.', interval '2 days'),
    ('delete old job runs', '43 1 * * *', 'select fn.delete_old_job_runs()',
        'Forgets the details of runs older than 14 days.', interval '2 days');

comment on view fn.job is
'Every scheduled job: what it is called, when it runs (UTC, five cron fields or [1-59] seconds), its one call, what it is
for and how late is too late.';
