create function fn.close_event_votes(_now timestamptz, _limit integer) returns integer
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _closed integer;
begin
    with due as (
        select v.account_id, v.id from public.event_vote as v
        where v.minute < date_trunc('minute', _now)
        order by v.minute
        limit _limit
        for update skip locked
    ), votes_due as (
        delete from public.event_vote as v using due as d
        where v.account_id = d.account_id and v.id = d.id
        returning v.*
    ), votes as (
        select t.account_id, t.project_id, t.minute, c.placement_id, c.option_no, sum(c.count) as count
        from votes_due as t
        cross join lateral unnest(t.placement_ids, t.option_nos, t.counts) as c (placement_id, option_no, count)
        group by t.account_id, t.project_id, t.minute, c.placement_id, c.option_no
    ), events as (
        insert into public.event (account_id, id, project_id, type, data, created_at)
        select v.account_id, fn.uuid_v7(_now), v.project_id, 'response.created',
            jsonb_build_object(
                'placementId', v.placement_id, 'minute', v.minute, 'counts', jsonb_object_agg(v.option_no, v.count)
            ), _now
        from votes as v
        group by v.account_id, v.project_id, v.minute, v.placement_id
    )
    select count(*) into _closed from votes_due;
    return _closed;
end;
$$;

comment on function fn.close_event_votes is
'Makes events of the votes of minutes that are over, one a placement and minute. Votes that are stored late make one of their own.';
