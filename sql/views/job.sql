create view fn.job (name, schedule, command, purpose, late_after) as
values
    ('create partitions', '7 0 * * *', 'select fn.create_partitions()',
        'Creates the partitions of the coming months.', interval '3 days'),
    ('refresh stats', '* * * * *', 'call fn.refresh_stats()',
        'Adds new responses to days, windows and scores.', interval '10 minutes'),
    ('refresh leaders', '2-59/5 * * * *', 'select fn.refresh_leaders()',
        'Ranks each project''s pages.', interval '30 minutes'),
    ('close periods', '4-59/15 * * * *', 'select fn.close_periods()',
        'Closes weeks, months and years that are over, and those that a late change touched.', interval '2 hours'),
    ('enqueue recaps', '*/5 * * * *', 'select fn.enqueue_recaps()',
        'Queues the weekly and monthly recaps that are due.', interval '2 hours'),
    ('gather messages', '* * * * *', 'select fn.gather_messages()',
        'Adds new messages to inboxes.', interval '10 minutes'),
    ('delete deleted messages', '27 * * * *', 'select fn.delete_deleted_messages()',
        'Deletes messages for good 7 days after they were moved to Deleted.', interval '1 day'),
    ('reconcile', '*/15 * * * *', 'call fn.reconcile(null, true)',
        'Compares all counts of each project with its responses once a day, and corrects them.', interval '2 hours'),
    ('delete expired responses', '11 2 * * *', 'call fn.delete_expired_responses()',
        'Deletes responses older than their project''s retention; their counts stay.', interval '3 days'),
    ('continue deletions', '* * * * *', 'select fn.continue_deletions()',
        'Continues deletions of projects, widgets and placements.', interval '30 minutes'),
    ('delete old visits', '0 0 * * *', 'select fn.delete_old_visits()',
        'Deletes yesterday''s salt and the visits hashed with it.', interval '2 hours'),
    ('enqueue deletion mails', '17 * * * *', 'select fn.enqueue_deletion_mails()',
        'Reminds people by mail 3 days before they or their account are deleted.', interval '1 day'),
    ('delete accounts', '6-59/15 * * * *', 'select fn.delete_accounts()',
        'Deletes accounts 14 days after their deletion was requested.', interval '2 days'),
    ('delete people', '21 * * * *', 'select fn.delete_people()',
        'Deletes people 14 days after they requested it.', interval '2 days'),
    ('delete old audit', '51 1 * * *', 'select fn.delete_old_audit()',
        'Deletes audit entries older than their account keeps them.', interval '3 days'),
    ('count usage', '* * * * *', 'select fn.count_usage()',
        'Compares each account''s responses of the month with its plan, where billing is on.', interval '1 hour'),
    ('delete old billing events', '49 1 * * *', 'select fn.delete_old_billing_events()',
        'Deletes Stripe''s events after 60 days.', interval '2 days'),
    ('check backups', '37 * * * *', 'select fn.check_backups()',
        'Mails operators if backups are set up and the last good one is older than 36 hours.', interval '1 day'),
    ('delete old job runs', '43 1 * * *', 'select fn.delete_old_job_runs()',
        'Deletes job runs after 14 days.', interval '2 days')
union all
select r.job, r.schedule, format('call fn.purge(%L)', r.job), r.purpose, r.late_after from fn.purge_rule as r;

comment on view fn.job is
'Every scheduled job: name, schedule (UTC, five cron fields or [1-59] seconds), the one statement it runs, its purpose, and
after which time without a run it is overdue.';
