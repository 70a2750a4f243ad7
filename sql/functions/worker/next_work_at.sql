create function fn.next_work_at(_kind text) returns timestamptz
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return case _kind
        -- As index mail_waiting_idx has it: false for what somebody waits for, true for recaps.
        when 'mail' then (
            select min(m.next_at) from public.mail as m where m.outcome is null and (m.consent is not null) is false
        )
        when 'recap' then (
            select min(m.next_at) from public.mail as m where m.outcome is null and (m.consent is not null) is true
        )
        when 'export' then (
            select min(coalesce(e.claimed_until, e.requested_at)) from public.export as e where e.done_at is null
        )
        when 'billing' then least(
            (select min(e.next_at) from public.billing_event as e where e.outcome is null),
            (select greatest(fn.next_comparison(b.compared_at), b.comparison_next_at) from public.billing as b where b.is_on)
        )
        when 'merge' then (select min(m.next_at) from public.page_merge as m where m.next_at is not null)
        when 'event' then least(
            (select min(e.created_at) from public.event as e where e.matched_at is null),
            (select min(r.due_at) from public.event_response as r)
        )
        when 'delivery' then (select min(d.due_at) from public.destination as d where d.due_at is not null)
        when 'issue' then (
            select min(greatest(i.next_at, t.retry_at, t.claimed_until))
            from public.issue as i
            join public.tracker as t on t.account_id = i.account_id and t.project_id = i.project_id
            where i.next_at is not null and t.revoked_at is null
        )
        when 'drill' then (select fn.next_drill(b) from public.backup_state as b)
    end;
end;
$$;

comment on function fn.next_work_at is 'When the earliest work of a kind is due; null where none waits. Column due_at of fn.work_kind.';
