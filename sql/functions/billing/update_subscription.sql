-- Called by jobs as installation.
create function fn.update_subscription(
    _customer_id text, _account_id uuid, _snapshot text, _requested_at timestamptz, _now timestamptz default now()
) returns text
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _old public.subscription;
    _new public.subscription;
    _before text;
    _after text;
begin
    insert into public.subscription (account_id, customer_id)
    select a.id, _customer_id from public.account as a where a.id = _account_id
    on conflict do nothing;
    select * into _old from public.subscription as s where s.customer_id = _customer_id for update;
    if not found then
        return 'unknown';
    end if;
    if _old.requested_at > _requested_at then
        return 'stale';
    end if;
    select p.name into _before from fn.account_plan(_old.account_id, _now) as p;
    _new := fn.subscription_from_stripe(_old, _snapshot::jsonb, _now);
    update public.subscription as s
    set subscription_id = _new.subscription_id, item_id = _new.item_id, status = _new.status, plan = _new.plan,
        unit = _new.unit, period_ends_at = _new.period_ends_at, trial_ends_at = _new.trial_ends_at,
        cancel_at = _new.cancel_at, past_due_at = _new.past_due_at, payment_method = _new.payment_method,
        tax_ids = _new.tax_ids, requested_at = _requested_at
    where s.account_id = _old.account_id;
    perform fn.update_invoices(_old.account_id, _snapshot::jsonb -> 'invoices');
    _new.requested_at := _old.requested_at;
    if _new is not distinct from _old then
        return 'same';
    end if;
    select p.name into _after from fn.account_plan(_old.account_id, _now) as p;
    if _after is distinct from _before then
        update public.subscription as s set plan_at = _now where s.account_id = _old.account_id;
    end if;
    perform fn.announce_subscription_change(_old, _new, _before, _after, _now);
    perform fn.count_usage(_now, _old.account_id);
    return 'changed';
end;
$$;

comment on function fn.update_subscription is
'Stores Stripe''s data of a customer: _snapshot is JSON, requested at _requested_at. The latest request wins, in whichever order
they arrive. Returns changed, same, stale (newer data is stored) or unknown (no such account; _account_id is from the
customer''s metadata).';
