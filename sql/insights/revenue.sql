create view insights.revenue as
select
    date_trunc('month', i.created_at at time zone 'UTC')::date as month,
    i.currency,
    sum(i.total) as paid,
    count(*) as invoices,
    count(distinct i.account_id) as accounts
from public.invoice as i
where i.status = 'paid' and i.total > 0
group by 1, 2;

comment on view insights.revenue is
'What was paid in each month (UTC), by the invoices'' dates, in the smallest unit of the currency; taxes are in it.';
