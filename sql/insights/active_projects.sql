create view insights.active_projects as
with day as (
    select generate_series(min(d.day), current_date, interval '1 day')::date as day from public.project_day as d
)
select
    day.day,
    (
        select count(*) from public.project_day as d where d.day = day.day and d.count > 0
    ) as projects,
    (
        select count(distinct (d.account_id, d.project_id)) from public.project_day as d
        where d.day between day.day - 6 and day.day and d.count > 0
    ) as projects_7_days,
    (
        select count(distinct (d.account_id, d.project_id)) from public.project_day as d
        where d.day between day.day - 27 and day.day and d.count > 0
    ) as projects_28_days
from day
where day.day > current_date - 400;

comment on view insights.active_projects is
'For each of the last 400 days how many projects had a response: that day, in the 7 and in the 28 days up to it.';
