create materialized view mv.leader as
with scored as (
    select
        *, compared - before as change,
        -- As fn.is_change.
        abs(compared - before) > 1.96 * sqrt(compared + before) as is_change,
        -- Widgets have scales of their own; what all share is the mean weight, drawn to 0 as if ten neutral responses came first.
        sentiment * total / (total + 10) as score_columns
    from public.placement_score
), ranked as (
    select
        account_id, project_id, days, placement_id, total, is_change, change, score_columns,
        row_number() over (w order by total desc, placement_id) as most,
        row_number() over (w order by score_columns desc nulls last, total desc, placement_id) as best,
        row_number() over (w order by score_columns nulls last, total desc, placement_id) as worst,
        row_number() over (w order by is_change desc, change desc, total desc, placement_id) as rise,
        row_number() over (w order by is_change desc, change, total desc, placement_id) as fall
    from scored
    window w as (partition by account_id, project_id, days)
)
select account_id, project_id, days, k.kind, k.place, placement_id
from ranked
cross join lateral (
    values ('most', most), ('best', best), ('worst', worst), ('rise', rise), ('fall', fall)
) as k (kind, place)
where k.place <= 20
    and case k.kind
        when 'most' then total > 0
        when 'best' then score_columns > 0
        when 'worst' then score_columns < 0
        when 'rise' then is_change and change > 0
        else is_change and change < 0
    end;

create unique index leader_key on mv.leader (account_id, project_id, days, kind, place);

comment on materialized view mv.leader is
'Per project and window the twenty placements with most responses, the best and worst judged, and those with the largest rise and
fall that are changes. What they count is in placement_score, as up to date as the totals.';
