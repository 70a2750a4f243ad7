create function fn.billing_customers(_after text, _limit integer default 100)
returns table (customer_id text, account_id uuid, is_leaving boolean, asked_at timestamptz)
language plpgsql stable
set search_path = ''
as $$
begin
    return query
    select s.customer_id, s.account_id, a.deletion_at is not null, clock_timestamp()
    from public.subscription as s
    join public.account as a on a.id = s.account_id
    where s.customer_id > _after
    order by s.customer_id
    limit _limit;
end;
$$;

comment on function fn.billing_customers is
'The customers after _after, in order, to be held against Stripe; is_leaving where the account is about to be deleted.';
