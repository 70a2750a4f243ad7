-- Called by jobs as installation.
create function fn.report_missing_customer(_customer_id text, _now timestamptz default now()) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _details jsonb;
begin
    select jsonb_build_object('plan', s.plan, 'status', s.status) into _details
    from public.subscription as s
    where s.customer_id = _customer_id and s.status is not null;
    if found then
        perform fn.open_billing_issue('missing_customer', _customer_id, _customer_id, _details, _now);
    end if;
end;
$$;

comment on function fn.report_missing_customer is
'Reports that Stripe does not know a customer who has a subscription here. Nothing is taken from it: the key may be of another mode
or business.';
