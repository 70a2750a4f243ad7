-- One vocabulary: widget, page, placement, response, refusal. Nothing is lost: tables, columns and stored words get new
-- names, and pages become rows of their own. It locks what it renames: stop the previous version before it runs.

-- Names of columns and tables.
alter table account rename column deletion_told_at to deletion_notified_at;
alter table address_visit rename column content_id to placement_id;
alter table billing_event rename column made_at to created_at;
alter table content rename column content_set_id to widget_id;
alter table content_score rename column content_id to placement_id;
alter table content_score rename column content_set_id to widget_id;
alter table content_set rename column contents to placements;
alter table content_window rename column content_id to placement_id;
alter table deletion rename column asked_at to requested_at;
alter table deletion rename column signals to responses;
alter table export rename column content_set_id to widget_id;
alter table export rename column content_id to placement_id;
alter table feelback rename column content_set_id to widget_id;
alter table feelback rename column content_id to placement_id;
alter table feelback rename column fold_key to dedup_key;
alter table feelback_edit rename column feelback_id to response_id;
alter table mail rename column handed_at to handed_over_at;
alter table message_act rename column feelback_ids to response_ids;
alter table message_state rename column feelback_id to response_id;
alter table message_state rename column content_set_id to widget_id;
alter table option rename column content_set_id to widget_id;
alter table period_change rename column content_id to placement_id;
alter table person rename column deletion_told_at to deletion_notified_at;
alter table plan rename column signals to responses;
alter table project_usage rename column signals to responses;
alter table recap_recipient rename column asked_at to requested_at;
alter table reconciliation rename column found_at to detected_at;
alter table reconciliation rename column content_id to placement_id;
alter table set_day rename column content_set_id to widget_id;
alter table set_window rename column content_set_id to widget_id;
alter table subscription rename column asked_at to requested_at;
alter table tally rename column content_id to placement_id;
alter table tally_change rename column content_id to placement_id;
alter table tally_day rename column content_id to placement_id;
alter table usage rename column signals to responses;
alter table usage rename column told_quota to notified_quota;
alter table visit rename column fold_key to dedup_key;
alter table visit rename column content_id to placement_id;
alter table visit rename column feelback_id to response_id;
alter table usage rename column told to notified_percent;
alter table mail rename column subscription to consent;
alter table deletion rename column gone to deleted;
alter table content_set rename to widget;
alter table content rename to placement;
alter table feelback rename to response;
alter table content_window rename to placement_window;
alter table content_score rename to placement_score;
alter table set_window rename to widget_window;
alter table set_day rename to widget_day;
alter table rejection rename to refusal;
alter table feelback_edit rename to response_edit;
alter table message_act rename to message_action;
alter table message_action rename column act to action;

-- Names of constraints, indexes and partitions follow.
create function pg_temp.renamed(_name text) returns text
language sql immutable
as $$
    select coalesce((
        with recursive step (name, no) as (
            select _name, 1
            union all
            select regexp_replace(s.name, p.pattern, p.word, 'g'), s.no + 1
            from step as s
            join (values
                (1, 'content_set', 'widget'), (2, '^set_', 'widget_'), (3, 'contents', 'placements'),
                (4, 'content', 'placement'), (5, 'feelback', 'response'), (6, 'rejection', 'refusal'),
                (7, 'message_act_', 'message_action_'), (8, 'signals', 'responses'), (9, 'fold_key', 'dedup_key'),
                (10, 'asked_at', 'requested_at'), (11, 'found_at', 'detected_at'), (12, '_told_not', '_notified_percent_not'),
                (13, '_gone_not', '_deleted_not'), (14, '_told_check', '_notified_percent_check'), (15, '_act_not', '_action_not'),
                (16, 'made_at', 'created_at')
            ) as p (no, pattern, word) on p.no = s.no
        )
        select name from step order by no desc limit 1
    ), _name)
$$;
do $$
declare
    _row record;
begin
    for _row in
        select c.conrelid::regclass as table_name, c.conname as name
        from pg_constraint as c
        where c.connamespace = 'public'::regnamespace and c.coninhcount = 0
            and pg_temp.renamed(c.conname) <> c.conname
    loop
        execute format(
            'alter table %s rename constraint %I to %I', _row.table_name, _row.name, pg_temp.renamed(_row.name)
        );
    end loop;
    for _row in
        select c.oid::regclass as old_name, c.relname as name, c.relkind
        from pg_class as c
        where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'i', 'I')
            and pg_temp.renamed(c.relname) <> c.relname
    loop
        execute format(
            'alter %s %s rename to %I',
            case _row.relkind when 'r' then 'table' else 'index' end, _row.old_name, pg_temp.renamed(_row.name)
        );
    end loop;
end;
$$;
drop function pg_temp.renamed;

-- Stored words.
alter table period drop constraint period_scope_check;
alter table period detach partition period_placement;
alter table period detach partition period_whole;
alter table period_placement drop constraint if exists period_scope_check;
alter table period_whole drop constraint if exists period_scope_check;
update period_placement set scope = 'placement';
update period_whole set scope = 'widget' where scope = 'set';
alter table period attach partition period_placement for values in ('placement');
alter table period attach partition period_whole for values in ('widget', 'project');
alter table period add constraint period_scope_check check (scope in ('placement', 'widget', 'project'));

alter table deletion drop constraint deletion_kind_check;
update deletion set kind = case kind when 'set' then 'widget' when 'content' then 'placement' else kind end;
alter table deletion add constraint deletion_kind_check check (kind in ('project', 'widget', 'placement'));

alter table export drop constraint export_kind_check;
update export set kind = case kind when 'feelbacks' then 'responses' when 'contents' then 'pages' else kind end;
alter table export add constraint export_kind_check check (kind in ('responses', 'pages', 'windows', 'periods', 'days'));

update audit
set what = case what
        when 'content.restored' then 'page.unarchived'
        when 'content.deleted' then 'placement.deleted'
        when 'set.restored' then 'widget.unarchived'
        when 'project.restored' then 'project.unarchived'
        when 'project.test_signals_deleted' then 'project.test_responses_deleted'
        when 'feelback.deleted' then 'response.deleted'
        else regexp_replace(regexp_replace(what, '^set\.', 'widget.'), '^content\.', 'page.')
    end,
    details = details - 'signals' || case
        when details ? 'signals' then jsonb_build_object('responses', details -> 'signals')
        when what ~ '^export\.' and details ->> 'kind' = 'feelbacks' then '{"kind": "responses"}'
        when what ~ '^export\.' and details ->> 'kind' = 'contents' then '{"kind": "pages"}'
        else '{}'
    end
where what ~ '^(set|content)\.|^project\.restored$|signals|^feelback\.|^export\.' or details ? 'signals';

-- Mails that wait to be sent are rendered by the new templates.
update mail
set context = context - 'signals' || case
        when context ? 'signals' then jsonb_build_object('responses', context -> 'signals')
        when context ->> 'kind' = 'feelbacks' then '{"kind": "responses"}'
        when context ->> 'kind' = 'contents' then '{"kind": "pages"}'
        else '{}'
    end
where outcome is null and template in ('usage_notice', 'export_ready');

update refusal
set reason = case reason when 'contents_limit' then 'pages_limit' when 'unknown_set' then 'unknown_widget' end
where reason in ('contents_limit', 'unknown_set');

-- A job that ran under its old name is not overdue under the new one.
update job_run as r set job = n.new_name
from (values
    ('delete expired feelbacks', 'delete expired responses'), ('delete discarded', 'continue deletions'),
    ('delete old rejections', 'delete old refusals'), ('delete old message acts', 'delete old message actions')
) as n (old_name, new_name)
where r.job = n.old_name;

-- Pages: what visitors respond on, whatever is asked there. A page's key and state are copied to its placements, so that a
-- response finds both by one look-up; the foreign key keeps the copies of the key true.
create table page (
    account_id uuid not null,
    id uuid not null,
    project_id uuid not null,
    key text collate "C" not null check (octet_length(key) between 1 and 2048),
    title text check (char_length(title) between 1 and 300),
    created_at timestamptz not null,
    archived_at timestamptz,
    primary key (account_id, id),
    unique (account_id, project_id, key),
    unique (account_id, id, key),
    foreign key (account_id, project_id) references project (account_id, id) on delete cascade
);
comment on table page is 'An address (or name) of a project on which visitors respond.';
comment on column page.title is 'The title that the page sent when it was first seen, or that an editor gave it.';
comment on column page.archived_at is 'Since when it takes no responses; its counts are shown as ever.';

insert into page (account_id, id, project_id, key, created_at, archived_at)
select c.account_id, (array_agg(c.id order by c.id))[1], w.project_id, c.key, min(c.created_at),
    case when bool_and(c.archived_at is not null) then max(c.archived_at) end
from placement as c
join widget as w on w.account_id = c.account_id and w.id = c.widget_id
group by c.account_id, w.project_id, c.key;

alter table placement add column page_id uuid;
update placement as c
set page_id = p.id
from widget as w, page as p
where w.account_id = c.account_id and w.id = c.widget_id
    and p.account_id = c.account_id and p.project_id = w.project_id and p.key = c.key;
alter table placement
    alter column page_id set not null,
    add foreign key (account_id, page_id, key) references page (account_id, id, key) on update cascade,
    add unique (account_id, page_id, widget_id);
comment on table placement is 'A widget on a page: what is counted.';
comment on column placement.key is 'Its page''s key, copied: a response is looked up by widget and key.';
comment on column placement.archived_at is 'Since when it takes no responses: its page''s archived_at, copied.';

-- What \d+ shows of the tables that are renamed.
comment on column project.key_rules is 'Rules by which addresses become page keys; a widget''s own rules override them by name.';
comment on column widget.edit_window is 'How long a response may be edited or deleted by its visitor: zero is never, null is unlimited.';
comment on column option.no is 'Referred to by tallies and responses; it never changes, position does.';
comment on table response is 'A response. The id is a UUIDv7, so that a range of ids is a range of time: a partition a month.';
comment on column response.dedup_key is 'Key of its visit; null where every response counts.';
comment on table tally is 'Responses of a placement by option, of all time.';
comment on table tally_day is 'Responses of a placement by option, of a day in the project''s zone.';
comment on table visit is
'Visits, by a hash of placement and visitor. Until a visit expires, a response with its dedup_key is the same response.';
comment on table address_visit is 'Number of visitors of an address (hashed with the day''s salt) that a placement has counted.';
comment on table visitor_salt is 'The secret of a UTC day. It is deleted with the day, so that its hashes identify nobody.';
comment on table roll_up is 'Until when new responses have been gathered into tally_change.';
comment on table widget_day is 'Responses of a widget by option, of a day in the project''s zone.';
comment on table project_day is 'Responses of a project, of a day in its zone: the sum of its widget_day.';
comment on table placement_window is
'Responses of a placement by option, of the last days (up to project_roll.through), and of as many days before.';
comment on table placement_score is 'Totals, shares, sentiment, average and ranking score of a placement''s window.';
comment on table widget_window is 'As placement_window, of a widget.';
comment on table period is
'A closed week (from Monday), month or year of a placement, widget or project. Without responses there is no row.';
comment on table period_change is 'Placements whose closed periods a late change affects.';
comment on column project.retention_days is 'How long responses are kept, in days; null is unlimited. Tallies stay.';
comment on column project.retained_from is 'Responses of days before this one, in its zone, are deleted; null: none are.';
comment on table known_browser is 'Browsers that a person has signed in with; they are mailed about a new one.';
comment on column audit.actor is
'Who did it, by their name at the time: a person''s address, an API key; command line and jobs where neither id is set.';
comment on column account.deletion_at is 'When it will be deleted; null without a request.';
comment on column account.deletion_notified_at is 'When its owner and admins were reminded of the deletion.';
comment on column person.deletion_notified_at is 'When the person was reminded of the deletion.';
comment on column project.visitor_policy is 'The policy of new widgets.';
comment on column project.archived_at is 'Since when it accepts no responses. Its counts stay.';
comment on column widget.archived_at is 'Since when it accepts no responses. Its counts stay.';
comment on table deletion is
'Projects, widgets and placements that are being deleted: their number of responses, how many are deleted, up to which id.';
comment on column recap_recipient.ended_at is 'When they unsubscribed; they cannot be invited again.';
comment on column message_state.moved_at is 'When it came into its folder; deleted messages are deleted for good some time later.';
comment on column export.through_id is 'The id (of a response, placement or other scope) up to which it is written.';
comment on column export.error is 'Why it failed, for the person who requested it.';
comment on table response_edit is
'A response before an edit at edited_at, up to 50 a response. Deleted with the response.';
comment on table worker_start is
'One row: when the worker machine was last started and by which machine, and how often that failed since the last success.
Locked by whoever starts it.';
comment on column billing.compared_at is 'When all subscriptions were last compared with Stripe.';
comment on column plan.responses is 'Responses per calendar month, in UTC, whose messages are shown.';
comment on table subscription is 'What an account pays for, as last fetched from Stripe. No row: it never was a customer.';
comment on column subscription.requested_at is 'When this was requested from Stripe; older data is not written over it.';
comment on table billing_event is
'Reasons to fetch a customer from Stripe: its webhooks, each once by id, and requests of the panel (own_…). Their bodies are
not stored: they arrive in any order, so that the current data is fetched.';
comment on table project_usage is 'Responses of a project in a calendar month. They stay when the project is deleted.';
comment on table usage is 'Responses of an account in a calendar month, in UTC, and its plan''s limits.';
comment on column usage.full_at is 'Since when the plan''s responses are used up: later messages are hidden.';
comment on column usage.stopped_at is 'Since when ten times as many are used up: responses are refused.';
comment on column usage.notified_percent is 'The share of notified_quota, in percent, about which people were last mailed.';
