-- Called by app as account.
create function fn.request_billing(_account_id uuid) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _customer_id text;
begin
    perform fn.allow(_account_id, 'admin');
    for _customer_id in select s.customer_id from public.subscription as s where s.account_id = _account_id loop
        perform fn.enqueue_billing(_customer_id);
    end loop;
end;
$$;

comment on function fn.request_billing is 'Has the worker fetch an account''s data from Stripe at once.';
