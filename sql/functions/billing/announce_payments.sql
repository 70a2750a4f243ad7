-- Called by jobs as installation.
create function fn.announce_payments(_account_id uuid, _now timestamptz default now()) returns integer
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _payment record;
    _count integer := 0;
begin
    for _payment in
        select s.id, s.plan, s.unit, s.amount, s.currency, d.due_at, s.status = 'trialing' as is_first
        from public.customer_subscription as s
        cross join lateral (
            select coalesce(case when s.status = 'trialing' then s.trial_ends_at end, s.period_ends_at) as due_at
        ) as d
        where s.account_id = _account_id and s.cancel_at is null
            and (s.status = 'trialing' or s.status = 'active' and s.unit = 'year')
            and s.reminded_for is distinct from d.due_at and d.due_at > _now
            -- The job runs each hour: nobody gets it less than three days ahead.
            and d.due_at <= _now
                + case when s.status = 'trialing' then interval '3 days 2 hours' else interval '14 days' end
        order by s.id
        for update of s
    loop
        update public.customer_subscription as s set reminded_for = _payment.due_at
        where s.account_id = _account_id and s.id = _payment.id;
        perform fn.notify_billing(
            _account_id, case when _payment.is_first then 'trial_ending' else 'plan_renewal' end,
            jsonb_build_object(
                'plan', coalesce((select p.title from public.plan as p where p.name = _payment.plan), ''), 'unit', _payment.unit,
                'amount', _payment.amount, 'currency', _payment.currency, 'at', fn.mail_time(_payment.due_at)
            ),
            _now
        );
        _count := _count + 1;
    end loop;
    return _count;
end;
$$;

comment on function fn.announce_payments is
'Mails owner and admins of an account before they pay: three days before a trial is charged, 14 days before a year renews; once for each
payment. Returns how many.';
