-- Called by jobs as installation.
create function fn.announce_payments(_now timestamptz default now()) returns bigint
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _payment record;
    _count bigint := 0;
begin
    if not (select b.is_on from public.billing as b) then
        return 0;
    end if;
    for _payment in
        update public.customer_subscription as s
        set reminded_for = d.due_at
        from (
            select c.account_id, c.id, coalesce(case when c.status = 'trialing' then c.trial_ends_at end, c.period_ends_at) as due_at,
                case c.status when 'trialing' then 'trial_ending' else 'plan_renewal' end as template
            from public.customer_subscription as c
            where c.cancel_at is null and (c.status = 'trialing' or c.status = 'active' and c.unit = 'year')
        ) as d
        where s.account_id = d.account_id and s.id = d.id and s.reminded_for is distinct from d.due_at and d.due_at > _now
            -- The job runs each hour: nobody gets it less than three days ahead.
            and d.due_at <= _now + case d.template when 'trial_ending' then interval '3 days 2 hours' else interval '14 days' end
        returning s.account_id, s.plan, s.unit, s.amount, s.currency, d.due_at, d.template
    loop
        perform fn.notify_billing(
            _payment.account_id, _payment.template,
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
'Mails owner and admins before they pay: three days before a trial is charged, 14 days before a year renews; once for each payment.
Returns how many.';
