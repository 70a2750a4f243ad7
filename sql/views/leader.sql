create view fn.leader with (security_barrier) as
select
    l.account_id, l.project_id, l.days, l.kind, l.place, l.widget_id, l.placement_id, l.total, l.before, l.change,
    l.score, l.sentiment
from (
    select account_id, project_id, days, kind, place, widget_id, placement_id, total, before, change, score, sentiment
    from mv.leader
    union all
    select account_id, project_id, days, kind, place, widget_id, placement_id, total, before, change, null, sentiment
    from mv.last_day_leader
) as l
where l.account_id = nullif(current_setting('feelback.account_id', true), '')::uuid
    or pg_has_role(session_user, 'feelback_owner', 'member');

comment on view fn.leader is
'mv.leader, and mv.last_day_leader as the window of 1 day, of the actor''s account: what functions that act for an account
read them through.';
