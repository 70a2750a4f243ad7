create function fn.open_billing_issue(
    _kind text, _customer_id text, _subject text, _details jsonb, _now timestamptz default now()
) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    insert into public.billing_issue as i (id, kind, customer_id, subject, details, opened_at)
    values (_kind || ':' || _subject, _kind, _customer_id, _subject, _details, _now)
    on conflict (id) do update
        set details = excluded.details,
            opened_at = case when i.resolved_at is null then i.opened_at else excluded.opened_at end,
            resolved_at = null, decision = case when i.resolved_at is null then i.decision end,
            decided_at = case when i.resolved_at is null then i.decided_at end
        -- What an operator has dismissed is not asked again.
        where i.decision is distinct from 'dismiss' and (i.details <> excluded.details or i.resolved_at is not null);
end;
$$;

comment on function fn.open_billing_issue is
'Reports something at Stripe to the operators, once for each kind and _subject; again if it comes back after it was resolved.';
