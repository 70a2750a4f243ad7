create view insights.activation as
select
    a.account_id,
    a.created_at as signed_up_at,
    (select min(p.created_at) from public.project as p where p.account_id = a.account_id) as first_project_at,
    (select min(c.created_at) from public.widget as c where c.account_id = a.account_id) as first_widget_at,
    a.first_response_on,
    a.first_response_on - a.created_at::date as days_to_first_response,
    coalesce(a.first_response_on - a.created_at::date <= 7, false) as is_activated
from insights.accounts as a;

comment on view insights.activation is
'How far every account came, and when: signed up, a project, a widget, a response. It is activated with a response within
7 days. What was deleted does not count as a step.';
