create function fn.update_entitlements(_account_id uuid, _now timestamptz default now()) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    _before record;
    _after record;
    _grace record;
begin
    select * into _before from fn.account_plan(_account_id, _now);
    update public.entitlement as e
    set ends_at = greatest(_now, e.starts_at), notified_at = coalesce(e.notified_at, _now)
    where e.account_id = _account_id and e.reason <> 'retention' and coalesce(e.ends_at, 'infinity') > _now
        and not exists (
            select 1 from fn.subscription_entitlements(_account_id) as w
            where w.subscription_id = e.subscription_id and w.plan = e.plan and w.reason = e.reason
                and w.ends_at is not distinct from e.ends_at
        );
    insert into public.entitlement (account_id, id, plan, reason, subscription_id, starts_at, ends_at)
    select _account_id, fn.uuid_v7(_now), w.plan, w.reason, w.subscription_id, _now, w.ends_at
    from fn.subscription_entitlements(_account_id) as w
    where coalesce(w.ends_at, 'infinity') > _now and not exists (
        select 1 from public.entitlement as e
        where e.account_id = _account_id and e.subscription_id = w.subscription_id and e.plan = w.plan and e.reason = w.reason
            and e.ends_at is not distinct from w.ends_at
    );
    -- A grace period ends by the clock, when nothing may run: its promise is made while it lasts.
    for _grace in
        select e.plan, e.subscription_id, e.ends_at from public.entitlement as e
        where e.account_id = _account_id and e.reason = 'grace' and e.ends_at > _now
    loop
        perform fn.promise_retention(_account_id, _grace.plan, _grace.ends_at, _grace.subscription_id, _now);
    end loop;
    select * into _after from fn.account_plan(_account_id, _now);
    if coalesce(_after.retention_days, 'infinity'::double precision) < coalesce(_before.retention_days, 'infinity'::double precision)
    then
        perform fn.promise_retention(_account_id, _before.name, _now, null, _now);
    end if;
end;
$$;

comment on function fn.update_entitlements is
'Ends what an account''s subscriptions no longer give it, adds what they give it now, and promises for how long responses of a plan
that is lost are kept.';
