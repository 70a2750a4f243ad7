create materialized view mv.leader as
with judged as (
    -- Sets have scales of their own; what all share is the mean weight, drawn to 0 as if ten neutral signals came first.
    select *, total - before as change, sentiment * total / (total + 10) as judgement from public.content_score
), ranked as (
    select
        account_id, project_id, days, content_set_id, content_id, total, before, change, score, sentiment, judgement,
        row_number() over (w order by total desc, content_id) as most,
        row_number() over (w order by judgement desc nulls last, total desc, content_id) as best,
        row_number() over (w order by judgement nulls last, total desc, content_id) as worst,
        row_number() over (w order by change desc, total desc, content_id) as rise,
        row_number() over (w order by change, total desc, content_id) as fall
    from judged
    window w as (partition by account_id, project_id, days)
)
select account_id, project_id, days, k.kind, k.place, content_set_id, content_id, total, before, change, score, sentiment
from ranked
cross join lateral (
    values ('most', most), ('best', best), ('worst', worst), ('rise', rise), ('fall', fall)
) as k (kind, place)
where k.place <= 20
    and case k.kind
        when 'most' then total > 0
        when 'best' then judgement > 0
        when 'worst' then judgement < 0
        when 'rise' then change > 0
        else change < 0
    end;

create unique index leader_key on mv.leader (account_id, project_id, days, kind, place);

comment on materialized view mv.leader is
'Per project and window the twenty contents with most signals, the best and worst judged, and the fastest rise and fall.';
