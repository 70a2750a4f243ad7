-- Called by jobs as installation.
create function fn.announce_grace_ends(_now timestamptz default now()) returns bigint
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _grace record;
    _count bigint := 0;
begin
    for _grace in
        update public.entitlement as e
        set notified_at = _now
        where e.reason = 'grace' and e.notified_at is null and e.ends_at <= _now
        returning e.account_id, e.plan
    loop
        if (select p.name from fn.account_plan(_grace.account_id, _now) as p) = 'free' then
            update public.subscription as s set plan_at = _now where s.account_id = _grace.account_id;
            perform fn.announce_plan_end(_grace.account_id, _grace.plan, _now);
            perform fn.count_usage(_now, _grace.account_id);
            _count := _count + 1;
        end if;
    end loop;
    return _count;
end;
$$;

comment on function fn.announce_grace_ends is
'Mails those whose grace period has ended without a payment, since nothing at Stripe happens then; returns how many accounts.';
