create view insights.retention as
with cohort as (
    select a.id as account_id, date_trunc('month', a.created_at at time zone 'UTC')::date as month from public.account as a
), active as (
    select distinct d.account_id, date_trunc('month', d.day)::date as month from public.project_day as d where d.count > 0
), size as (
    select c.month, count(*) as accounts from cohort as c group by c.month
)
select
    s.month as signed_up_in,
    n as months_later,
    s.accounts,
    count(v.account_id) as active,
    count(v.account_id)::double precision / s.accounts as share
from size as s
cross join lateral generate_series(
    0, (extract(year from age(date_trunc('month', now() at time zone 'UTC'), s.month)) * 12
        + extract(month from age(date_trunc('month', now() at time zone 'UTC'), s.month)))::integer
) as n
join cohort as c on c.month = s.month
left join active as v on v.account_id = c.account_id and v.month = (s.month + n * interval '1 month')::date
group by s.month, n, s.accounts;

comment on view insights.retention is
'Of the accounts that signed up in a month (UTC), how many had a response in that month, the next, and so on, and as a share.';
