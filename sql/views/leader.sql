create view fn.leader with (security_barrier) as
select
    l.account_id, l.project_id, l.days, l.kind, l.place, l.content_set_id, l.content_id, l.total, l.before, l.change,
    l.score, l.sentiment
from mv.leader as l
where l.account_id = nullif(current_setting('feelback.account_id', true), '')::uuid
    or pg_has_role(session_user, 'feelback_owner', 'member');

comment on view fn.leader is 'mv.leader, of the actor''s account: what functions that act for an account read it through.';
