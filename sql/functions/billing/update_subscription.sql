-- Called by jobs as installation.
create function fn.update_subscription(
    _customer_id text, _account_id uuid, _snapshot text, _requested_at timestamptz, _now timestamptz default now()
) returns text
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _of uuid := fn.customer_account(_customer_id, _account_id);
    _fetched constant jsonb := _snapshot;
    _before text;
    _after text;
    _old public.subscription;
    _new public.subscription;
    _old_rows text;
begin
    if _of is null then
        perform fn.report_unknown_customer(_customer_id, _account_id, _fetched, _now);
        return 'unknown';
    end if;
    insert into public.subscription (account_id, customer_id) values (_of, _customer_id) on conflict do nothing;
    select * into _old from public.subscription as s where s.account_id = _of for update;
    -- An account may have several customers, each of which is fetched by itself.
    if _old.customer_id = _customer_id and _old.requested_at > _requested_at then
        return 'stale';
    end if;
    select p.name into _before from fn.account_plan(_of, _now) as p;
    _old_rows := fn.subscription_rows(_of);
    perform fn.update_customer_subscriptions(_of, _customer_id, _fetched -> 'subscriptions', _now);
    perform fn.claim_trials(_of, _fetched -> 'subscriptions', _now);
    perform fn.update_entitlements(_of, _now);
    _new := fn.best_subscription(_old);
    if _new.customer_id = _customer_id then
        _new.payment_method := coalesce(_fetched ->> 'payment_method', '');
        _new.tax_ids := coalesce(_fetched -> 'tax_ids', '[]');
        _new.billing_name := coalesce(_fetched -> 'billing' ->> 'name', '');
        _new.billing_email := coalesce(_fetched -> 'billing' ->> 'email', '');
        _new.billing_address := coalesce(nullif(_fetched -> 'billing' -> 'address', 'null'), '{}');
        _new.requested_at := _requested_at;
        _new.listed_at := _requested_at;
    end if;
    select p.name into _after from fn.account_plan(_of, _now) as p;
    if _after is distinct from _before then
        _new.plan_at := _now;
    end if;
    update public.subscription as s
    set customer_id = _new.customer_id, subscription_id = _new.subscription_id, item_id = _new.item_id, status = _new.status,
        plan = _new.plan, unit = _new.unit, period_ends_at = _new.period_ends_at, trial_ends_at = _new.trial_ends_at,
        cancel_at = _new.cancel_at, past_due_at = _new.past_due_at, payment_method = _new.payment_method, tax_ids = _new.tax_ids,
        billing_name = _new.billing_name, billing_email = _new.billing_email, billing_address = _new.billing_address,
        requested_at = _new.requested_at, listed_at = _new.listed_at, plan_at = _new.plan_at
    where s.account_id = _of;
    perform fn.update_invoices(_of, _fetched -> 'invoices', _now);
    perform fn.report_subscriptions(_of, _customer_id, _now);
    _old.requested_at := _new.requested_at;
    _old.listed_at := _new.listed_at;
    if _new is not distinct from _old and _old_rows is not distinct from fn.subscription_rows(_of) then
        return 'same';
    end if;
    perform fn.announce_subscription_change(_old, _new, _before, _after, _now);
    perform fn.count_usage(_of, _now);
    return 'changed';
end;
$$;

comment on function fn.update_subscription is
'Stores Stripe''s data of a customer: _snapshot is JSON, requested at _requested_at. The latest request wins, in whichever order
they arrive. Returns changed, same, stale (newer data is stored) or unknown (no such account; _account_id is from the
customer''s metadata).';
