-- Called by jobs as installation.
create function fn.customer_orders(_customer_id text)
returns table (is_deleted boolean, is_leaving boolean, cancel_ids text[], trial_ids text[])
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    select
        exists (select 1 from public.deleted_customer as d where d.id = _customer_id),
        exists (
            select 1 from public.account as a
            where a.id = fn.customer_account(_customer_id, null) and a.deletion_at is not null
        ),
        coalesce((
            select array_agg(i.subject order by i.subject) from public.billing_issue as i
            where i.customer_id = _customer_id and i.decision = 'cancel' and i.resolved_at is null
        ), '{}'),
        coalesce((
            select array_agg(s.id order by s.id) from public.customer_subscription as s
            where s.customer_id = _customer_id and s.is_trial_repeated and s.status = 'trialing'
        ), '{}');
end;
$$;

comment on function fn.customer_orders is
'What is to be done with a customer''s subscriptions at Stripe: all end at once (its account is deleted), none is charged again (the
deletion was requested), and which ones an operator has decided to cancel; and which are second trials, which end now.';
