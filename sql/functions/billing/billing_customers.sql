-- Called by jobs as installation.
create function fn.billing_customers(_after text, _limit integer default 100)
returns table (customer_id text, requested_at timestamptz)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    select s.customer_id, clock_timestamp()
    from public.subscription as s
    where s.customer_id > _after
    order by s.customer_id
    limit _limit;
end;
$$;

comment on function fn.billing_customers is 'Customers after _after, in order, to compare with Stripe; requested_at is now.';
