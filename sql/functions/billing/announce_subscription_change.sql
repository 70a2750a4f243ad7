create function fn.announce_subscription_change(
    _old public.subscription, _new public.subscription, _before text, _after text, _now timestamptz
) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _name text := (select a.name from public.account as a where a.id = _new.account_id);
    _title text := (select p.title from public.plan as p where p.name = _new.plan);
    _template text;
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
    _template := case
        when _new.status = 'past_due' and _old.status is distinct from 'past_due' then 'payment_failed'
        when _after = 'free' and _before <> 'free' then 'plan_ended'
    end;
    if _template is not null then
        perform fn.enqueue_mail(
            p.email, _template,
            jsonb_build_object(
                'account', _name, 'plan', coalesce(_title, ''),
                'until', coalesce(fn.mail_time(_new.past_due_at + interval '14 days'), '')
            ),
            _now => _now
        )
        from public.member as m
        join public.person as p on p.id = m.person_id
        where m.account_id = _new.account_id and m.role in ('owner', 'admin') and p.verified_at is not null;
    end if;
end;
$$;

comment on function fn.announce_subscription_change is
'Records a change of subscription in the audit log, and mails owner and admins about a failed payment or an ended plan. _before
and _after are the plans whose limits applied and apply. Part of fn.update_subscription.';
