create view fn.purge_rule (job, table_name, column_name, keep, condition, schedule, purpose, late_after) as
values
    -- Without keep, the column holds the time at which a row expires; with keep, the time from which it is kept that long.
    ('delete expired sessions', 'session', 'expires_at', null::interval, null, '37 1 * * *',
        'Deletes expired sessions.', interval '2 days'),
    ('delete expired tokens', 'token', 'expires_at', null, null, '39 1 * * *',
        'Deletes expired mailed links.', interval '2 days'),
    ('delete old devices', 'known_device', 'last_seen_at', interval '400 days', null, '43 1 * * *',
        'Deletes known devices 400 days after the last sign-in.', interval '2 days'),
    ('delete old attempts', 'attempt', 'free_at', null, null, '19 * * * *',
        'Deletes the counters of sign-in attempts.', interval '1 day'),
    ('delete expired exports', 'export', 'done_at', interval '7 days', null, '21 * * * *',
        'Deletes exports 7 days after they were finished.', interval '1 day'),
    ('delete expired invitations', 'invitation', 'expires_at', interval '30 days', null, '49 1 * * *',
        'Deletes invitations 30 days after they expired.', interval '2 days'),
    ('delete old browsers', 'known_browser', 'last_seen_at', interval '400 days', null, '9 2 * * *',
        'Deletes browsers that a person has not signed in with for 400 days.', interval '3 days'),
    ('delete expired mail bodies', 'mail_body', 'expires_at', null, null, '*/10 * * * *',
        'Deletes stored mails whose links have expired.', interval '1 day'),
    ('delete old mail', 'mail', 'done_at', interval '30 days', 'outcome is not null', '53 1 * * *',
        'Deletes mails 30 days after they were sent or given up.', interval '2 days'),
    ('delete old deliveries', 'recap_delivery', 'updated_at', interval '400 days', null, '57 1 * * *',
        'Deletes the record of who got which recap after 400 days.', interval '2 days'),
    ('delete old message actions', 'message_action', 'acted_at', interval '1 hour', null, '33 * * * *',
        'Deletes actions in inboxes that can no longer be undone.', interval '1 day'),
    ('delete unconfirmed recipients', 'recap_recipient', 'requested_at', interval '7 days',
        'confirmed_at is null and ended_at is null', '47 1 * * *',
        'Deletes recap recipients who did not confirm within 7 days.', interval '2 days'),
    ('delete unverified people', 'person', 'created_at', interval '7 days', 'verified_at is null', '41 1 * * *',
        'Deletes people who did not verify their address within 7 days.', interval '2 days'),
    ('delete old reconciliations', 'reconciliation', 'detected_at', interval '400 days', null, '3 3 * * *',
        'Deletes corrected differences after 400 days.', interval '3 days'),
    ('delete old refusals', 'refusal', 'hour', interval '30 days', null, '23 1 * * *',
        'Deletes counts of refusals after 30 days.', interval '2 days');

comment on view fn.purge_rule is
'Rows that a job of fn.job deletes by age alone: those of table_name whose column_name is more than keep ago, or has passed
where keep is null, and for which condition holds. Other rules of deletion have functions of their own.';
