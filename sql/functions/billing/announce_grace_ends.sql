-- Called by jobs as installation.
create function fn.announce_grace_ends(_account_id uuid, _now timestamptz default now()) returns integer
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _grace record;
    _count integer := 0;
begin
    for _grace in
        update public.entitlement as e
        set notified_at = _now
        where e.account_id = _account_id and e.reason = 'grace' and e.notified_at is null and e.ends_at <= _now
        returning e.plan
    loop
        if (select p.name from fn.account_plan(_account_id, _now) as p) = 'free' then
            update public.subscription as s set plan_at = _now where s.account_id = _account_id;
            perform fn.announce_plan_end(_account_id, _grace.plan, _now);
            perform fn.count_usage(_account_id, _now);
            _count := _count + 1;
        end if;
    end loop;
    return _count;
end;
$$;

comment on function fn.announce_grace_ends is
'Mails the people of an account whose grace period has ended without a payment, since nothing at Stripe happens then. Returns how many
periods have.';
