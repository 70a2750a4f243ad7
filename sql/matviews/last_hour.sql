create materialized view mv.last_hour as
select f.account_id, f.widget_id, f.option_no, date_trunc('hour', f.created_at) as hour, count(*) as count
from public.response as f
where f.created_at >= date_trunc('hour', now()) - interval '47 hours' and f.counted_on is not null
group by f.account_id, f.widget_id, f.option_no, date_trunc('hour', f.created_at);

create unique index last_hour_key on mv.last_hour (account_id, widget_id, option_no, hour);

comment on materialized view mv.last_hour is
'The responses of each widget, by option, in this hour and the 47 before it.';
