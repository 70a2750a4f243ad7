create view fn.work_kind (name, channel, due_at)
with (security_invoker = true) as
-- As index mail_waiting_idx has it: false for what somebody waits for, true for recaps.
select 'mail', 'mail', (
    select min(m.next_at) from public.mail as m where m.outcome is null and (m.consent is not null) is false
)
union all
select 'recap', 'mail', (
    select min(m.next_at) from public.mail as m where m.outcome is null and (m.consent is not null) is true
)
union all
select 'export', 'export', (
    select min(coalesce(e.claimed_until, e.requested_at)) from public.export as e where e.done_at is null
)
union all
select 'billing', 'billing', least(
    (select min(e.next_at) from public.billing_event as e where e.outcome is null),
    (select greatest(fn.next_comparison(b.compared_at), b.comparison_next_at) from public.billing as b where b.is_on)
)
union all
select 'merge', 'merge', (select min(m.next_at) from public.page_merge as m where m.next_at is not null)
union all
select 'event', 'event', least(
    (select min(e.created_at) from public.event as e where e.matched_at is null),
    (select min(r.due_at) from public.event_response as r)
)
union all
select 'delivery', 'delivery', (select min(d.due_at) from public.destination as d where d.due_at is not null)
union all
select 'issue', 'issue', (
    select min(greatest(i.next_at, t.retry_at, t.claimed_until))
    from public.issue as i
    join public.tracker as t on t.account_id = i.account_id and t.project_id = i.project_id
    where i.next_at is not null and t.revoked_at is null
)
union all
select 'drill', 'backup', (select fn.next_drill(b) from public.backup_state as b);

comment on view fn.work_kind is
'Every kind of background work: the channel that is notified when there is some, and when the earliest of it is due, null
where none waits. It is what the worker machine is started for; app/worker/kinds.py has the same kinds and who does them.';
