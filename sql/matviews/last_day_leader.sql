create materialized view mv.last_day_leader as
with counted as (
    select
        d.account_id, s.project_id, 1::smallint as days, s.id as widget_id, d.placement_id,
        sum(d.count)::bigint as total, sum(d.before)::bigint as before,
        sum(d.count * o.weight) / nullif(sum(d.count), 0) as sentiment,
        -- As in mv.leader.
        sum(d.count * o.weight) / (sum(d.count) + 10) as score_columns
    from mv.last_day as d
    join public.placement as c on c.account_id = d.account_id and c.id = d.placement_id
    join public.widget as s on s.account_id = c.account_id and s.id = c.widget_id
    join public.option as o on o.account_id = s.account_id and o.widget_id = s.id and o.no = d.option_no
    group by d.account_id, s.project_id, s.id, d.placement_id
), ranked as (
    select
        *, total - before as change,
        row_number() over (w order by total desc, placement_id) as most,
        row_number() over (w order by score_columns desc nulls last, total desc, placement_id) as best,
        row_number() over (w order by score_columns nulls last, total desc, placement_id) as worst,
        row_number() over (w order by total - before desc, total desc, placement_id) as rise,
        row_number() over (w order by total - before, total desc, placement_id) as fall
    from counted
    window w as (partition by account_id, project_id)
)
select account_id, project_id, days, k.kind, k.place, widget_id, placement_id, total, before, change, sentiment
from ranked
cross join lateral (
    values ('most', most), ('best', best), ('worst', worst), ('rise', rise), ('fall', fall)
) as k (kind, place)
where k.place <= 20
    and case k.kind
        when 'most' then total > 0
        when 'best' then score_columns > 0
        when 'worst' then score_columns < 0
        when 'rise' then change > 0
        else change < 0
    end;

create unique index last_day_leader_key on mv.last_day_leader (account_id, project_id, kind, place);

comment on materialized view mv.last_day_leader is 'As mv.leader, the pages of each project that lead the last 24 hours (mv.last_day).';
