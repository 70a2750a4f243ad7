-- Called by app as installation.
create function fn.decide_billing_issue(
    _person_id uuid, _id text, _decision text, _plan text default null, _now timestamptz default now()
) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _issue public.billing_issue;
begin
    perform fn.allow_installation(_person_id);
    select * into _issue from public.billing_issue as i where i.id = _id and i.resolved_at is null for update;
    if not found then
        raise exception 'This issue has been resolved already.' using errcode = 'FB404', hint = 'See the list of open issues.';
    end if;
    if _decision = 'cancel' and _issue.kind in ('orphan', 'double') or _decision = 'dismiss' then
        null;
    elsif _decision = 'plan' and _issue.kind = 'unknown_price' and exists (
        select 1 from public.plan as p where p.name = _plan and p.name <> 'free'
    ) then
        insert into public.plan_price (price_id, plan, unit, is_offered, amount, currency)
        values (
            _issue.details ->> 'price_id', _plan,
            case when _issue.details ->> 'unit' = 'year' then 'year' else 'month' end, false,
            (_issue.details ->> 'amount')::bigint, _issue.details ->> 'currency'
        )
        on conflict (price_id) do update set plan = excluded.plan;
    else
        raise exception 'Choose what to do about this issue.' using errcode = 'FB422';
    end if;
    update public.billing_issue as i
    set decision = _decision, decided_at = _now, resolved_at = case when _decision = 'dismiss' then _now end
    where i.id = _id;
    if _decision <> 'dismiss' then
        perform fn.enqueue_billing(_issue.customer_id);
    end if;
end;
$$;

comment on function fn.decide_billing_issue is
'An operator''s decision about an issue: cancel the subscription, dismiss it for good, or say which plan its price stands for. The worker
acts on it. FB404 for others than operators and for issues that are resolved, FB422 for a decision that does not fit.';
