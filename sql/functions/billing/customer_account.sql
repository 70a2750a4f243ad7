create function fn.customer_account(_customer_id text, _account_id uuid) returns uuid
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return coalesce(
        (select s.account_id from public.subscription as s where s.customer_id = _customer_id),
        (select s.account_id from public.customer_subscription as s where s.customer_id = _customer_id limit 1),
        (select a.id from public.account as a where a.id = _account_id)
    );
end;
$$;

comment on function fn.customer_account is
'The account of a customer, as stored, else as its metadata say (_account_id); null if it has none here.';
