create function fn.announce_plan_end(_account_id uuid, _plan text, _now timestamptz default now()) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    perform fn.notify_billing(
        _account_id, 'plan_ended',
        jsonb_build_object(
            'plan', p.title,
            'until', fn.mail_time(coalesce(fn.retained_until(_account_id, _now), _now + interval '30 days'))
        ),
        _now
    )
    from public.plan as p where p.name = _plan;
end;
$$;

comment on function fn.announce_plan_end is
'Mails owner and admins of an account that its plan has ended, and until when nothing is deleted.';
