-- Called by jobs as installation.
create function fn.emit_votes(_now timestamptz default now()) returns integer
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    -- No vote that was not late (fn.late_vote_ms) is on its way into these minutes.
    _until timestamptz := date_trunc('minute', _now - interval '1 minute');
    _from timestamptz;
    _emitted integer;
begin
    select r.votes_until into _from from public.roll_up as r for update;
    if _from > _now + interval '5 minutes' then
        -- The clock was wrong.
        update public.roll_up set votes_until = _until;
        _from := _until;
    end if;
    if _from >= _until and not exists (select from public.late_response) then
        return 0;
    end if;
    update public.roll_up set votes_until = greatest(_from, _until) where votes_until <> greatest(_from, _until);
    with late as (
        delete from public.late_response as l returning l.account_id, l.response_id
    ), project as (
        select distinct d.account_id, d.project_id from public.destination as d
        where d.disabled_at is null and 'response.created' = any (d.events)
    ), vote as (
        select f.account_id, f.id, f.widget_id, f.placement_id, f.option_no, f.created_at
        from (select distinct p.account_id from project as p) as p
        join public.response as f on f.account_id = p.account_id
        where f.created_at >= _from and f.created_at < _until
            and f.id >= fn.uuid_floor(_from - interval '1 second')
            and f.id <= fn.uuid_floor(_until + interval '1 second')
            and f.counted_on is not null and f.body is null and f.fields is null
        -- A late one that is in these minutes as well is one.
        union
        select f.account_id, f.id, f.widget_id, f.placement_id, f.option_no, f.created_at
        from late as l
        join public.response as f on f.account_id = l.account_id and f.id = l.response_id
        where f.counted_on is not null and f.body is null and f.fields is null
    ), counted as (
        select p.account_id, p.project_id, v.placement_id, v.option_no, date_trunc('minute', v.created_at) as minute,
            count(*) as count
        from vote as v
        join public.widget as w on w.account_id = v.account_id and w.id = v.widget_id
        join project as p on p.account_id = w.account_id and p.project_id = w.project_id
        group by p.account_id, p.project_id, v.placement_id, v.option_no, date_trunc('minute', v.created_at)
    )
    insert into public.event (account_id, id, project_id, type, data, created_at)
    select v.account_id, fn.uuid_v7(v.minute + interval '1 minute'), v.project_id, 'response.created',
        jsonb_build_object(
            'placementId', v.placement_id, 'minute', v.minute, 'counts', jsonb_object_agg(v.option_no, v.count)
        ), v.minute + interval '1 minute'
    from counted as v
    group by v.account_id, v.project_id, v.minute, v.placement_id;
    get diagnostics _emitted = row_count;
    if _emitted > 0 then
        perform pg_notify('event', '');
    end if;
    return _emitted;
end;
$$;

comment on function fn.emit_votes is
'Makes events of the votes of the minutes that are over, where a destination takes them: one a placement and minute. Votes that were stored
late make another one. Returns how many.';
