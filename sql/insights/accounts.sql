create view insights.accounts as
-- Each table by itself: Citus joins what it has read, but not the tables of an account with those that all nodes have.
with subscription as materialized (
    select s.account_id, s.plan, s.status from public.subscription as s
), member as materialized (
    select m.account_id, count(*) as count from public.member as m group by m.account_id
), project as materialized (
    select p.account_id, count(*) as count from public.project as p group by p.account_id
), widget as materialized (
    select w.account_id, count(*) as count from public.widget as w group by w.account_id
), response as materialized (
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
    coalesce(m.count, 0) as members,
    coalesce(p.count, 0) as projects,
    coalesce(w.count, 0) as widgets,
    r.first_on as first_response_on,
    r.last_on as last_response_on,
    coalesce(r.total, 0) as responses,
    coalesce(r.recent, 0) as responses_30_days,
    coalesce(r.recent, 0) > 0 as is_active
from public.account as a
left join subscription as s on s.account_id = a.id
left join member as m on m.account_id = a.id
left join project as p on p.account_id = a.id
left join widget as w on w.account_id = a.id
left join response as r on r.account_id = a.id;

comment on view insights.accounts is
'Every account: its plan, whether it pays, how many members, projects and widgets it has, its first and last day with
a response, its responses in all and in the last 30 days; it is active with one of those. Nobody''s address or text is here.';
