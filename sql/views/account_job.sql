create view fn.account_job (name, accounts, work, batch, finish, rests) as
values
    -- $1 is the account, $2 the time and $3 what `accounts` knows of the work.
    ('roll windows', 'fn.unrolled_accounts($2)', 'fn.roll_windows($1, $2)', 200, null, false),
    ('gather tally changes', 'fn.new_tallies($2)', 'fn.gather_tally_changes($1, $3, $2)', null, 'fn.finish_gathering($2, $1)', false),
    ('roll up tallies', 'fn.changed_accounts()', 'fn.roll_up_tallies($1)', 100, null, true),
    ('close periods', 'fn.unclosed_accounts($2)', 'fn.close_periods($1, $2)', null, null, false),
    ('enqueue recaps', 'fn.due_recaps($2)', 'fn.enqueue_recaps($1, $2)', null, null, false),
    ('gather messages', 'fn.ungathered_messages()', 'fn.gather_messages($1, $3)', null, 'fn.finish_messages($2) where $1', false),
    ('delete deleted messages', 'fn.deleted_message_accounts($2)', 'fn.delete_deleted_messages($1, $2)', null, null, false),
    ('continue deletions', 'fn.deletion_accounts($2)', 'd.responses from fn.continue_deletions($1, $2) as d', null, null, false),
    ('delete old visits', 'fn.old_visit_accounts($2)', 'fn.delete_old_visits($1, $2)', null, null, false),
    ('delete old merge holds', 'fn.old_hold_accounts($2)', 'fn.delete_old_holds($1, $2)', null, null, false),
    ('delete old audit', 'fn.old_audit_accounts($2)', 'fn.delete_old_audit($1, $2)', null, null, false),
    ('emit votes', 'fn.vote_accounts($2)', 'fn.emit_votes($1, $3)', null, 'fn.finish_votes($2, $1)', false),
    ('count usage', 'fn.usage_accounts($2)', 'fn.count_usage($1, $2)', null, null, false),
    ('announce grace ends', 'fn.grace_end_accounts($2)', 'fn.announce_grace_ends($1, $2)', null, null, false),
    ('announce payments', 'fn.payment_accounts($2)', 'fn.announce_payments($1, $2)', null, null, false),
    ('emit page turns', 'fn.destination_accounts(''page.turned'')', 'fn.emit_page_turns($1, $2)', null, null, false),
    ('emit refusal spikes', 'fn.destination_accounts(''refusals.spike'')', 'fn.emit_refusal_spikes($1, $2)', null, null, false)
union all
select r.job, format('fn.purgeable_accounts(%L, $2)', r.job), format('fn.purge_batch(%L, $2, 5000, $1)', r.job), 5000, null, false
from fn.purge_rule as r
where exists (
    select 1 from pg_catalog.pg_attribute as a
    where a.attrelid = to_regclass('public.' || r.table_name) and a.attname = 'account_id'
);

comment on view fn.account_job is
'Work that fn.run_by_account does for one account after the other. accounts: a call that returns those that have some, and perhaps a
jsonb for `work`, the call that does it and returns how much; as long as that is at least batch there may be more. finish: a call at the
end, where $1 is whether all accounts were done. rests: after some work for as long as it took.';
