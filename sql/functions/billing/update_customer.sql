-- Called by app as account.
create function fn.update_customer(_account_id uuid, _customer_id text, _replaced_id text default null) returns text
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _existing_id text;
begin
    perform fn.allow(_account_id, 'owner');
    insert into public.subscription (account_id, customer_id) values (_account_id, _customer_id)
    on conflict (account_id) do nothing;
    update public.subscription as s set customer_id = _customer_id
    where s.account_id = _account_id and s.customer_id = _replaced_id;
    select s.customer_id into _existing_id from public.subscription as s where s.account_id = _account_id;
    return _existing_id;
end;
$$;

comment on function fn.update_customer is 'Stores an account''s customer id at Stripe and returns it; an existing one stays,
unless it is _replaced_id, which Stripe no longer has.';
