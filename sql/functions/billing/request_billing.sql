-- Called by app as account.
create function fn.request_billing(_account_id uuid) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    perform fn.allow(_account_id, 'admin');
    perform fn.enqueue_billing(s.customer_id) from public.subscription as s where s.account_id = _account_id;
end;
$$;

comment on function fn.request_billing is 'Has the worker fetch an account''s data from Stripe at once.';
