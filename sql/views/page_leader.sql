create view fn.page_leader with (security_barrier) as
select l.account_id, l.project_id, l.days, l.kind, l.place, l.page_id
from mv.page_leader as l
where l.account_id = nullif(current_setting('feelback.account_id', true), '')::uuid
    or pg_has_role(session_user, 'feelback_owner', 'member');

comment on view fn.page_leader is 'mv.page_leader, of the actor''s account.';
