create view fn.purge_rule (job, table_name, column_name, keep, condition, schedule, purpose, late_after) as
values
    -- Without keep, the column says when a row ends; with it, from when on it is kept for so long.
    ('delete expired sessions', 'session', 'expires_at', null::interval, null, '37 1 * * *',
        'Ends the sessions whose time is over.', interval '2 days'),
    ('delete expired tokens', 'token', 'expires_at', null, null, '39 1 * * *',
        'Forgets mailed links that are out of date.', interval '2 days'),
    ('delete old attempts', 'attempt', 'free_at', null, null, '19 * * * *',
        'Forgets who has tried to sign in.', interval '1 day'),
    ('delete expired exports', 'export', 'done_at', interval '7 days', null, '21 * * * *',
        'Removes exports that have been ready for a week.', interval '1 day'),
    ('delete expired invitations', 'invitation', 'expires_at', interval '30 days', null, '49 1 * * *',
        'Forgets invitations that were not accepted.', interval '2 days'),
    ('delete old mail', 'mail', 'done_at', interval '30 days', 'outcome is not null', '53 1 * * *',
        'Forgets mails that were done with more than 30 days ago.', interval '2 days'),
    ('delete old message acts', 'message_action', 'acted_at', interval '1 hour', null, '33 * * * *',
        'Forgets what can no longer be undone in inboxes.', interval '1 day'),
    ('delete unconfirmed recipients', 'recap_recipient', 'requested_at', interval '7 days',
        'confirmed_at is null and ended_at is null', '47 1 * * *',
        'Forgets those who were asked more than 7 days ago whether they want recaps, and did not say so.', interval '2 days'),
    ('delete unverified people', 'person', 'created_at', interval '7 days', 'verified_at is null', '41 1 * * *',
        'Forgets those who signed up more than 7 days ago and never showed that the address is theirs.', interval '2 days'),
    ('delete old reconciliations', 'reconciliation', 'detected_at', interval '400 days', null, '3 3 * * *',
        'Forgets differences found long ago.', interval '3 days'),
    ('delete old refusals', 'refusal', 'hour', interval '30 days', null, '23 1 * * *',
        'Forgets what was refused more than 30 days ago.', interval '2 days');

comment on view fn.purge_rule is
'What is deleted once it is old enough, and by which job of fn.job: rows of table_name whose column_name is longer ago than
keep, or is over where keep is null, and for which condition holds. What is deleted by other rules has a function of its own.';
