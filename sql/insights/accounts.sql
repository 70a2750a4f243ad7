create view insights.accounts as
with response as (
    select d.account_id, min(d.day) as first_on, max(d.day) as last_on, sum(d.count)::bigint as total,
        coalesce(sum(d.count) filter (where d.day > current_date - 30), 0)::bigint as recent
    from public.project_day as d
    where d.count > 0
    group by d.account_id
)
select
    a.id as account_id,
    a.name,
    a.created_at,
    coalesce(s.plan, 'free') as plan,
    coalesce(s.status in ('active', 'past_due'), false) as is_paying,
    (select count(*) from public.member as m where m.account_id = a.id) as members,
    (select count(*) from public.project as p where p.account_id = a.id) as projects,
    (select count(*) from public.widget as c where c.account_id = a.id) as widgets,
    g.first_on as first_response_on,
    g.last_on as last_response_on,
    coalesce(g.total, 0) as responses,
    coalesce(g.recent, 0) as responses_30_days,
    coalesce(g.recent, 0) > 0 as is_active
from public.account as a
left join public.subscription as s on s.account_id = a.id
left join response as g on g.account_id = a.id;

comment on view insights.accounts is
'Every account: its plan, whether it pays, how many members, projects and widgets it has, its first and last day with
a response, its responses in all and in the last 30 days; it is active with one of those. Nobody''s address or text is here.';
