-- Called by jobs as installation.
create function fn.billing_customers(_after text, _limit integer default 100)
returns table (customer_id text, requested_at timestamptz)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    select c.customer_id, clock_timestamp()
    from (
        select s.customer_id from public.subscription as s
        union
        select s.customer_id from public.customer_subscription as s where s.status not in ('canceled', 'incomplete_expired')
    ) as c
    where c.customer_id > _after
    order by c.customer_id
    limit _limit;
end;
$$;

comment on function fn.billing_customers is
'Customers after _after, in order, to compare with Stripe: those of accounts, and earlier ones with a subscription that has not ended
here; requested_at is now.';
