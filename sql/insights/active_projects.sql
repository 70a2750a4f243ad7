create view insights.active_projects as
with active as materialized (
    select d.account_id, d.project_id, d.day from public.project_day as d where d.count > 0
), day as (
    select generate_series((select min(d.day) from active as d), current_date, interval '1 day')::date as day
)
select
    day.day,
    (
        select count(*) from active as d where d.day = day.day
    ) as projects,
    (
        select count(distinct (d.account_id, d.project_id)) from active as d where d.day between day.day - 6 and day.day
    ) as projects_7_days,
    (
        select count(distinct (d.account_id, d.project_id)) from active as d where d.day between day.day - 27 and day.day
    ) as projects_28_days
from day
where day.day > current_date - 400;

comment on view insights.active_projects is
'For each of the last 400 days how many projects had a response: that day, in the 7 and in the 28 days up to it.';
