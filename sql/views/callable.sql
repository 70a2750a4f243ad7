create view fn.callable (name, caller, acts_as) as
select name, caller, acts_as
from (values
    -- The panel and the management API, for the account that the actor is in.
    ('app', 'account', array[
        'account_projects', 'content_set', 'project', 'project_overview', 'set_contents'
    ]),
    ('app', 'account', array[
        'begin_export', 'expected_rows', 'export_part', 'export_slice', 'exported_contents', 'exported_days',
        'exported_feelbacks', 'exported_periods', 'exported_windows', 'exports', 'remove_export', 'request_export',
        'take_export'
    ]),
    ('app', 'account', array['change_messages', 'inbox_message', 'inbox_messages', 'set_names', 'undo_message_act']),
    ('app', 'account', array[
        'content', 'discard_visitor', 'feelback', 'project_contents', 'project_feelbacks', 'project_window', 'set_choices'
    ]),
    ('app', 'account', array[
        'choose_recaps', 'invite_recap_recipient', 'project_recap', 'recap_settings', 'remove_recap_recipient',
        'request_recap'
    ]),
    ('app', 'account', array[
        'account', 'audit', 'audit_nouns', 'change_role', 'edit_account', 'hand_over_account', 'invitations',
        'invite_member', 'leave_account', 'member', 'members', 'remove_member', 'request_account_deletion',
        'resend_invitation', 'revoke_invitation', 'withdraw_account_deletion'
    ]),
    ('app', 'account', array[
        'api_keys', 'archive_content', 'archive_content_set', 'archive_project', 'change_content_set', 'change_options',
        'change_project', 'create_api_key', 'create_content_set', 'create_project', 'deletions', 'discard_content',
        'discard_content_set', 'discard_feelback', 'discard_project', 'discard_test_feelbacks', 'project_settings',
        'rename_content', 'restore_content', 'restore_content_set', 'restore_project', 'revoke_api_key', 'set_settings'
    ]),
    ('app', 'account', array[
        'account_billing', 'account_invoice', 'account_invoices', 'account_usage', 'note_billing', 'request_billing',
        'set_customer', 'usage_notice'
    ]),
    ('app', 'account', array[
        'content_key_rules', 'contents', 'feelbacks', 'leaders', 'project_days', 'recap_recipients', 'rejections', 'scope_periods',
        'scope_windows'
    ]),
    -- The same before an actor is known, or about the person who is signed in.
    ('app', 'installation', array[
        'change_password', 'confirm_by_factor', 'confirm_by_mail', 'confirm_session', 'delete_session', 'demo_project',
        'end_other_sessions', 'end_session', 'finish_sign_in', 'is_fresh', 'is_ready', 'link', 'may_sign_up', 'page_sets',
        'person_by_email', 'person_sessions', 'person_sign_in', 'replace_recovery_codes', 'request_confirmation_code',
        'request_email_change', 'request_link', 'reset_password', 'second_step', 'session_actor', 'sign_in', 'sign_up',
        'take_attempt', 'turn_off_totp', 'turn_on_totp', 'use_email_change', 'use_magic_link', 'verify_person'
    ]),
    ('app', 'installation', array[
        'confirm_recap_recipient', 'kept_mail', 'mails', 'recap_invitation', 'subscribed_project', 'unsubscribe_recaps'
    ]),
    ('app', 'installation', array[
        'accept_invitation', 'invitation', 'make_account', 'request_person_deletion', 'sign_up_by_invitation',
        'switch_account', 'withdraw_person_deletion'
    ]),
    ('app', 'installation', array['add_billing_event', 'offered_plans']),
    ('ingest', 'installation', array[
        'add_rejections', 'cut_key', 'edit_feelback', 'ingest_api_key', 'ingest_content', 'ingest_feelbacks',
        'ingest_set', 'remove_feelback', 'tallies', 'visitor_salt'
    ]),
    ('ingest', 'installation', array['ingest_test_feelback']),
    ('app', 'installation', array['key_actor']),
    -- The scheduler, by fn.job; and the worker.
    ('jobs', 'installation', array['delete_discarded']),
    ('jobs', 'installation', array[
        'claim_mail', 'close_periods', 'create_partitions', 'delete_expired_feelbacks', 'delete_expired_sessions',
        'delete_expired_tokens', 'delete_old_attempts', 'delete_old_mail',
        'delete_old_reconciliations', 'delete_old_rejections', 'delete_old_visits', 'delete_unverified_people',
        'gather_tally_changes', 'mail_waiting', 'mark_mail_failed', 'mark_mail_kept', 'mark_mail_sent',
        'reconcile_slice', 'refresh_last_day', 'refresh_leaders', 'roll_up_tallies', 'roll_windows'
    ]),
    ('jobs', 'installation', array[
        'delete_unconfirmed_recipients', 'enqueue_recaps', 'mailed_recap', 'mark_mail_handed'
    ]),
    ('jobs', 'installation', array[
        'add_export_part', 'claim_export', 'delete_expired_exports', 'finish_export', 'leave_export'
    ]),
    ('jobs', 'installation', array['delete_deleted_messages', 'delete_old_message_acts', 'gather_messages']),
    ('app', 'installation', array['found_messages']),
    ('jobs', 'installation', array[
        'delete_accounts', 'delete_expired_invitations', 'delete_old_audit', 'delete_people', 'enqueue_deletion_mails'
    ]),
    ('jobs', 'installation', array[
        'billing_customers', 'claim_billing_event', 'claim_comparison', 'count_usage', 'delete_old_billing_events',
        'mark_billing_event', 'set_subscription', 'tell_plans'
    ]),
    ('app', 'installation', array['installation_insights']),
    ('jobs', 'installation', array['claim_worker_start', 'mark_worker_start']),
    -- The one commits, so it must run as its caller; the other minds pg_cron's table, which is whose who calls by pg_cron.
    ('jobs', 'caller', array['refresh_stats', 'delete_old_job_runs']),
    ('app', 'server', array['installation_jobs', 'overdue_jobs']),
    ('app', 'installation', array['installation', 'installation_accounts', 'presets']),
    -- What functions that act for an account do beyond it.
    ('panel', 'installation', array['messages_gathered_at']),
    ('panel', 'installation', array['confirmed_person', 'first_account']),
    ('panel', 'installation', array['roll_up_tallies']),
    ('panel', 'installation', array['enqueue_mail', 'remove_feelback']),
    ('panel', 'installation', array['account_plan', 'enqueue_billing', 'is_waiting'])
) as c (caller, acts_as, names)
cross join unnest(names) as name;

comment on view fn.callable is
'Which functions the roles that sign in may call (feelback_app, feelback_ingest, feelback_jobs; feelback_panel is who owns
those that act for an account), and as what each acts: for one account, held to it by row security; for the installation; as
its caller; or as the owner of the database, who alone sees what pg_cron did. sql/roles.sql makes it so. A function that is not here is called by functions only.';
