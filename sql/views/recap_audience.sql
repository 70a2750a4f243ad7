create view fn.recap_audience (account_id, project_id, to_id, email, weekly, monthly, since)
with (security_invoker = true) as
select p.account_id, p.id as project_id, m.person_id as to_id, o.email, coalesce(c.weekly, true) as weekly,
    coalesce(c.monthly, false) as monthly, m.created_at as since
from public.project as p
join public.member as m on m.account_id = p.account_id
join public.person as o on o.id = m.person_id and o.verified_at is not null
left join public.recap_choice as c
    on c.account_id = p.account_id and c.project_id = p.id and c.person_id = m.person_id
union all
select r.account_id, r.project_id, r.id, r.email, r.weekly, r.monthly, r.confirmed_at
from public.recap_recipient as r
where r.confirmed_at is not null and r.ended_at is null;

comment on view fn.recap_audience is
'Who gets which recaps of which project: members as they chose, weekly where they chose nothing; and others who confirmed.
to_id is the person''s or the recipient''s.';
