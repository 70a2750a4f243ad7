create view fn.job (name, schedule, command, purpose, late_after) as
values
    ('create partitions', '7 0 * * *', 'select fn.create_partitions()',
        'Makes the months of feelback ahead.', interval '3 days'),
    ('refresh stats', '* * * * *', 'call fn.refresh_stats()',
        'Passes new signals on to days, windows and scores.', interval '10 minutes'),
    ('refresh last day', '*/5 * * * *', 'select fn.refresh_last_day()',
        'Counts the last 24 hours.', interval '30 minutes'),
    ('refresh leaders', '2-59/5 * * * *', 'select fn.refresh_leaders()',
        'Ranks each project''s contents.', interval '30 minutes'),
    ('close periods', '4-59/15 * * * *', 'select fn.close_periods()',
        'Closes weeks, months and years that are over, and those that a late change touched.', interval '2 hours'),
    ('reconcile', '*/15 * * * *', 'select fn.reconcile_slice()',
        'Holds a slice of the tallies against the rows.', interval '2 hours'),
    ('delete expired feelbacks', '11 2 * * *', 'select * from fn.delete_expired_feelbacks()',
        'Lets go of signals older than their project keeps them.', interval '3 days'),
    ('delete old reconciliations', '3 3 * * *', 'select fn.delete_old_reconciliations()',
        'Forgets differences found long ago.', interval '3 days'),
    ('delete old visits', '0 0 * * *', 'select fn.delete_old_visits()',
        'Destroys yesterday''s salt and the visits hashed under it.', interval '2 hours'),
    ('delete old rejections', '23 1 * * *', 'select fn.delete_old_rejections()',
        'Forgets what was refused more than 30 days ago.', interval '2 days'),
    ('delete expired sessions', '37 1 * * *', 'select fn.delete_expired_sessions()',
        'Ends the sessions whose time is over.', interval '2 days'),
    ('delete expired tokens', '39 1 * * *', 'select fn.delete_expired_tokens()',
        'Forgets mailed links that are out of date.', interval '2 days'),
    ('delete old attempts', '19 * * * *', 'select fn.delete_old_attempts()',
        'Forgets who has tried to sign in.', interval '1 day'),
    ('delete unverified people', '41 1 * * *', 'select fn.delete_unverified_people()',
        'Forgets those who signed up more than 7 days ago and never showed that the address is theirs.', interval '2 days'),
    ('delete old mail', '53 1 * * *', 'select fn.delete_old_mail()',
        'Forgets mails that were done with more than 30 days ago.', interval '2 days'),
    ('delete old job runs', '43 1 * * *', 'select fn.delete_old_job_runs()',
        'Forgets the details of runs older than 14 days.', interval '2 days');

comment on view fn.job is
'Every scheduled job: what it is called, when it runs (UTC, five cron fields or [1-59] seconds), its one call, what it is
for and how late is too late.';
