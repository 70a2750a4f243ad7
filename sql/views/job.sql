create view fn.job (name, schedule, command, purpose, late_after) as
values
    ('create partitions', '7 0 * * *', 'select fn.create_partitions()',
        'Makes the months of feelback ahead.', interval '3 days'),
    ('refresh stats', '* * * * *', 'call fn.refresh_stats()',
        'Passes new responses on to days, windows and scores.', interval '10 minutes'),
    ('refresh last day', '*/5 * * * *', 'select fn.refresh_last_day()',
        'Counts the last 24 hours.', interval '30 minutes'),
    ('refresh leaders', '2-59/5 * * * *', 'select fn.refresh_leaders()',
        'Ranks each project''s pages.', interval '30 minutes'),
    ('close periods', '4-59/15 * * * *', 'select fn.close_periods()',
        'Closes weeks, months and years that are over, and those that a late change touched.', interval '2 hours'),
    ('enqueue recaps', '*/5 * * * *', 'select fn.enqueue_recaps()',
        'Puts the weekly and monthly recaps that are due into the outbox.', interval '2 hours'),
    ('gather messages', '* * * * *', 'select fn.gather_messages()',
        'Puts new messages into the folders of inboxes.', interval '10 minutes'),
    ('delete deleted messages', '27 * * * *', 'select fn.delete_deleted_messages()',
        'Lets go of messages that were deleted more than 7 days ago.', interval '1 day'),
    ('reconcile', '*/15 * * * *', 'select fn.reconcile_slice()',
        'Holds a slice of the tallies against the rows.', interval '2 hours'),
    ('delete expired responses', '11 2 * * *', 'select * from fn.delete_expired_responses()',
        'Lets go of responses older than their project keeps them.', interval '3 days'),
    ('delete discarded', '* * * * *', 'select fn.continue_deletions()',
        'Goes on with projects, widgets and pages that are being deleted.', interval '30 minutes'),
    ('delete old visits', '0 0 * * *', 'select fn.delete_old_visits()',
        'Destroys yesterday''s salt and the visits hashed under it.', interval '2 hours'),
    ('enqueue deletion mails', '17 * * * *', 'select fn.enqueue_deletion_mails()',
        'Tells those once more whose account, or who themselves, are to be deleted within 3 days.', interval '1 day'),
    ('delete accounts', '6-59/15 * * * *', 'select fn.delete_accounts()',
        'Deletes accounts whose 14 days to come back are over.', interval '2 days'),
    ('delete people', '21 * * * *', 'select fn.delete_people()',
        'Deletes people who wanted that and did not come back in 14 days.', interval '2 days'),
    ('delete old audit', '51 1 * * *', 'select fn.delete_old_audit()',
        'Forgets what was noted longer ago than each account keeps its audit log.', interval '3 days'),
    ('count usage', '* * * * *', 'select fn.count_usage()',
        'Holds each account''s responses of the month against its plan, where billing is on.', interval '1 hour'),
    ('delete old billing events', '49 1 * * *', 'select fn.delete_old_billing_events()',
        'Forgets what Stripe told more than 60 days ago.', interval '2 days'),
    ('delete old job runs', '43 1 * * *', 'select fn.delete_old_job_runs()',
        'Forgets the details of runs older than 14 days.', interval '2 days')
union all
select r.job, r.schedule, format('call fn.purge(%L)', r.job), r.purpose, r.late_after from fn.purge_rule as r;

comment on view fn.job is
'Every scheduled job: what it is called, when it runs (UTC, five cron fields or [1-59] seconds), its one call, what it is
for and how late is too late.';
