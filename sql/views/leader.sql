create view fn.leader with (security_barrier) as
select
    l.account_id, l.project_id, l.days, l.kind, l.place, k.widget_id, l.placement_id, k.total, k.compared, k.before, k.score,
    k.sentiment
from mv.leader as l
join public.placement_score as k on k.account_id = l.account_id and k.placement_id = l.placement_id and k.days = l.days
where (
        l.account_id = nullif(current_setting('feelback.account_id', true), '')::uuid
        or pg_has_role(session_user, 'feelback_owner', 'member')
    )
    -- Counts go on after the ranking.
    and case l.kind
        when 'most' then k.total > 0
        when 'best' then k.sentiment > 0
        when 'worst' then k.sentiment < 0
        when 'rise' then k.compared > k.before and fn.is_change(k.compared, k.before)
        else k.compared < k.before and fn.is_change(k.compared, k.before)
    end;

comment on view fn.leader is
'mv.leader, of the actor''s account, with the counts of placement_score: what functions that act for an account read both through.';
