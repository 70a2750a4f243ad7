create view insights.churn as
with paid as (
    -- A paid invoice covers its month, or where the account pays by year its twelve.
    select distinct i.account_id, (date_trunc('month', i.created_at at time zone 'UTC') + n * interval '1 month')::date as month
    from public.invoice as i
    left join public.subscription as s on s.account_id = i.account_id
    cross join lateral generate_series(0, case s.unit when 'year' then 11 else 0 end) as n
    where i.status = 'paid' and i.total > 0
), month as (
    select generate_series(min(p.month), date_trunc('month', now() at time zone 'UTC')::date, interval '1 month')::date as month
    from paid as p
)
select
    m.month,
    count(b.account_id) as paying_before,
    count(p.account_id) filter (where b.account_id is null) as won,
    count(b.account_id) filter (where p.account_id is null) as lost,
    count(p.account_id) as paying,
    count(b.account_id) filter (where p.account_id is null)::double precision / nullif(count(b.account_id), 0) as churn
from month as m
cross join lateral (
    select distinct account_id from paid where paid.month in (m.month, (m.month - interval '1 month')::date)
) as a
left join paid as p on p.month = m.month and p.account_id = a.account_id
left join paid as b on b.month = (m.month - interval '1 month')::date and b.account_id = a.account_id
group by m.month;

comment on view insights.churn is
'For each month (UTC) how many accounts paid for the one before, how many of these do no longer (lost, and as a share of
them: churn), and how many are new. A month that is not over counts as lost who has yet to pay.';
