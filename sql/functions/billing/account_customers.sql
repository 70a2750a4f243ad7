create function fn.account_customers(_account_id uuid) returns setof text
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    select s.customer_id from public.subscription as s where s.account_id = _account_id
    union
    select c.customer_id from public.customer_subscription as c where c.account_id = _account_id;
end;
$$;

comment on function fn.account_customers is 'The customers at Stripe that an account has or had.';
