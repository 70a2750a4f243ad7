create function fn.announce_subscription_change(
    _old public.subscription, _new public.subscription, _before text, _after text, _now timestamptz
) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _title text := (select p.title from public.plan as p where p.name = _new.plan);
    _grace_ends_at timestamptz := fn.grace_ends_at(_new.account_id, _now);
begin
    if (_old.status, _old.plan, _old.unit, _old.cancel_at)
        is distinct from (_new.status, _new.plan, _new.unit, _new.cancel_at) then
        perform fn.add_audit_entry(
            _new.account_id, 'subscription.updated', coalesce(_title, 'Free'),
            jsonb_build_object(
                'from', _old.plan, 'to', _new.plan, 'status', _new.status, 'unit', _new.unit, 'ends_at', _new.cancel_at
            ),
            _now => _now
        );
    end if;
    if _new.status = 'past_due' and _old.status is distinct from 'past_due' then
        perform fn.notify_billing(
            _new.account_id, 'payment_failed',
            jsonb_build_object('plan', coalesce(_title, ''), 'until', coalesce(fn.mail_time(_grace_ends_at), '')), _now
        );
    end if;
    if _new.cancel_at is not null and _old.cancel_at is null and _new.subscription_id = _old.subscription_id then
        perform fn.notify_billing(
            _new.account_id, 'plan_cancelled',
            jsonb_build_object('plan', coalesce(_title, ''), 'at', fn.mail_time(_new.cancel_at)), _now
        );
    end if;
    if _after = 'free' and _before <> 'free' then
        perform fn.announce_plan_end(_new.account_id, _before, _now);
    end if;
end;
$$;

comment on function fn.announce_subscription_change is
'Records a change of subscription in the audit log, and mails owner and admins about a failed payment, a cancelled or an ended plan. _before
and _after are the plans whose limits applied and apply. Part of fn.update_subscription.';
