create view fn.last_hour with (security_barrier) as
select h.account_id, h.widget_id, h.option_no, h.hour, h.count
from mv.last_hour as h
where h.account_id = nullif(current_setting('feelback.account_id', true), '')::uuid
    or pg_has_role(session_user, 'feelback_owner', 'member');

comment on view fn.last_hour is 'mv.last_hour, of the actor''s account: what functions that act for an account read it through.';
