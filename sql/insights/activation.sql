create view insights.activation as
with project as materialized (
    select p.account_id, min(p.created_at) as first_at from public.project as p group by p.account_id
), widget as materialized (
    select w.account_id, min(w.created_at) as first_at from public.widget as w group by w.account_id
)
select
    a.account_id,
    a.created_at as signed_up_at,
    p.first_at as first_project_at,
    w.first_at as first_widget_at,
    a.first_response_on,
    a.first_response_on - a.created_at::date as days_to_first_response,
    coalesce(a.first_response_on - a.created_at::date <= 7, false) as is_activated
from insights.accounts as a
left join project as p on p.account_id = a.account_id
left join widget as w on w.account_id = a.account_id;

comment on view insights.activation is
'How far every account came, and when: signed up, a project, a widget, a response. It is activated with a response within
7 days. What was deleted does not count as a step.';
