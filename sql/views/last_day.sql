create view fn.last_day with (security_barrier) as
select d.account_id, d.placement_id, d.option_no, d.count, d.before
from mv.last_day as d
where d.account_id = nullif(current_setting('feelback.account_id', true), '')::uuid
    or pg_has_role(session_user, 'feelback_owner', 'member');

comment on view fn.last_day is 'mv.last_day, of the actor''s account: what functions that act for an account read it through.';
