create view insights.responses as
select
    d.day,
    sum(d.count)::bigint as responses,
    count(*) filter (where d.count > 0) as projects,
    count(distinct d.account_id) filter (where d.count > 0) as accounts
from public.project_day as d
group by d.day;

comment on view insights.responses is
'How many responses each day brought, of how many projects and accounts; days are those of each project''s zone. As fresh as
the panel: a few minutes.';
