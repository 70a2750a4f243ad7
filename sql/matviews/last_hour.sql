create materialized view mv.last_hour as
select f.account_id, f.content_set_id, f.option_no, date_trunc('hour', f.created_at) as hour, count(*) as count
from public.feelback as f
where f.created_at >= date_trunc('hour', now()) - interval '47 hours' and f.counted_on is not null
group by f.account_id, f.content_set_id, f.option_no, date_trunc('hour', f.created_at);

create unique index last_hour_key on mv.last_hour (account_id, content_set_id, option_no, hour);

comment on materialized view mv.last_hour is
'The signals of each content set, by option, in this hour and the 47 before it.';
