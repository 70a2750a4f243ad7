create materialized view mv.last_day as
select
    f.account_id, f.placement_id, f.option_no,
    count(*) filter (where f.created_at > now() - interval '24 hours') as count,
    count(*) filter (where f.created_at <= now() - interval '24 hours') as before
from public.response as f
where f.created_at > now() - interval '48 hours' and f.counted_on is not null
group by f.account_id, f.placement_id, f.option_no;

create unique index last_day_key on mv.last_day (account_id, placement_id, option_no);

comment on materialized view mv.last_day is
'The responses of each page, by option, in the last 24 hours and in the 24 before.';
