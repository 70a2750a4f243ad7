create view insights.subscriptions as
select
    p.name as plan,
    s.unit,
    p.currency,
    count(*) filter (where s.status in ('active', 'past_due')) as paying,
    count(*) filter (where s.status = 'trialing') as trying,
    count(*) filter (where s.cancel_at is not null and s.status in ('active', 'past_due')) as ending,
    sum(case s.unit when 'month' then p.monthly else round(p.yearly / 12.0) end)
        filter (where s.status in ('active', 'past_due'))::bigint as monthly_revenue
from public.subscription as s
join public.plan as p on p.name = s.plan
group by p.name, p.position, s.unit, p.currency
order by p.position, s.unit;

comment on view insights.subscriptions is
'Who pays now, by plan and whether by month or year: how many, how many of them end, and what they bring a month by the
plan''s price, in the smallest unit of the currency (a year''s price is twelve months''); discounts are not known here.';
