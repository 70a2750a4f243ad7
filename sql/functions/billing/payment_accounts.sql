-- Called by jobs as installation.
create function fn.payment_accounts(_now timestamptz) returns setof uuid
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    select distinct s.account_id from public.customer_subscription as s
    where s.cancel_at is null and (s.status = 'trialing' or s.status = 'active' and s.unit = 'year')
        and least(s.trial_ends_at, s.period_ends_at) <= _now + interval '14 days'
        and (select b.is_on from public.billing as b);
end;
$$;

comment on function fn.payment_accounts is 'Accounts that may pay within 14 days, for fn.announce_payments.';
