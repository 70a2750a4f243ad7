create materialized view mv.page_leader as
with page as (
    select k.account_id, k.project_id, k.days, c.page_id, sum(k.total) as total, sum(round(k.negative * k.total)) as unhappy
    from public.placement_score as k
    join public.placement as c on c.account_id = k.account_id and c.id = k.placement_id
    group by k.account_id, k.project_id, k.days, c.page_id
), ranked as (
    select account_id, project_id, days, page_id, total, unhappy,
        row_number() over (w order by total desc, page_id) as most,
        row_number() over (w order by unhappy desc nulls last, page_id) as unhappiest
    from page
    window w as (partition by account_id, project_id, days)
)
select account_id, project_id, days, k.kind, k.place, page_id
from ranked
cross join lateral (values ('most', most, total), ('unhappy', unhappiest, unhappy)) as k (kind, place, count)
where k.place <= 20 and k.count > 0;

create unique index page_leader_key on mv.page_leader (account_id, project_id, days, kind, place);

comment on materialized view mv.page_leader is
'Per project and window the twenty pages with most responses and with most unhappy ones: what fn.page_leaders looks at.';
