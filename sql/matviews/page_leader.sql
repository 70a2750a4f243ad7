create materialized view mv.page_leader as
with ranked as (
    select account_id, project_id, days, page_id, total, unhappy,
        row_number() over (w order by total desc, page_id) as most,
        row_number() over (w order by unhappy desc, page_id) as unhappiest
    from public.page_score
    window w as (partition by account_id, project_id, days)
)
select account_id, project_id, days, k.kind, k.place, page_id
from ranked
cross join lateral (values ('most', most, total), ('unhappy', unhappiest, unhappy)) as k (kind, place, count)
where k.place <= 20 and k.count > 0;

create unique index page_leader_key on mv.page_leader (account_id, project_id, days, kind, place);

comment on materialized view mv.page_leader is
'Per project and window the twenty pages with most responses and with most unhappy ones: what fn.page_leaders looks at.';
