-- Called by app as account.
create function fn.request_billing_sync(_account_id uuid, _what text, _about text, _details text default '{}') returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _customer_id text;
begin
    perform fn.allow(_account_id, 'owner');
    perform fn.add_audit_entry(_account_id, 'subscription.' || _what, _about, _details::jsonb);
    for _customer_id in select s.customer_id from public.subscription as s where s.account_id = _account_id loop
        perform fn.enqueue_billing(_customer_id);
    end loop;
end;
$$;

comment on function fn.request_billing_sync is
'Records a change that an account''s owner made at Stripe in the audit log, and has the result fetched.';
