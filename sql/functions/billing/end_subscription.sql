create function fn.end_subscription(_account_id uuid, _now timestamptz default now()) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    insert into public.billing_event (id, type, customer_id, created_at, received_at, next_at)
    select 'own_' || fn.uuid_v7(_now), 'account.deleted', s.customer_id, _now, _now, _now
    from public.subscription as s
    where s.account_id = _account_id and s.subscription_id is not null;
    perform pg_notify('billing', '');
end;
$$;

comment on function fn.end_subscription is
'Has the worker end an account''s subscription at once; called before the account is deleted.';
