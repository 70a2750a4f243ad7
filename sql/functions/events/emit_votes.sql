-- Called by jobs as installation.
create function fn.emit_votes(_account_id uuid, _minutes jsonb) returns integer
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _from constant timestamptz := _minutes ->> 'from';
    _until constant timestamptz := _minutes ->> 'until';
    _late_ids uuid[];
    _ids uuid[];
    _project_ids uuid[];
    _starts timestamptz[];
    _data jsonb[];
    _emitted integer;
begin
    with late as (
        delete from public.late_response as l
        where l.account_id = _account_id and not exists (
            -- Its minute will have its event.
            select 1 from public.response as f
            where f.account_id = _account_id and f.id = l.response_id and f.created_at >= _until
        )
        returning l.response_id
    )
    select coalesce(array_agg(l.response_id), '{}') into _late_ids from late as l;
    with vote as (
        select f.widget_id, f.placement_id, f.option_no, date_trunc('minute', f.created_at) as minute, false as is_late
        from public.response as f
        where f.account_id = _account_id and f.created_at >= _from and f.created_at < _until
            and f.id >= fn.uuid_floor(_from - interval '1 second')
            and f.id <= fn.uuid_floor(_until + interval '1 second')
            and f.counted_on is not null and f.body is null and f.fields is null and f.id <> all (_late_ids)
        union all
        select f.widget_id, f.placement_id, f.option_no, date_trunc('minute', f.created_at), true
        from public.response as f
        where f.account_id = _account_id and f.id = any (_late_ids)
            and f.counted_on is not null and f.body is null and f.fields is null
    ), counted as (
        select w.project_id, v.placement_id, v.minute, v.is_late, v.option_no, count(*) as count
        from vote as v
        join public.widget as w on w.account_id = _account_id and w.id = v.widget_id
        where w.project_id in (
            select d.project_id from public.destination as d
            where d.account_id = _account_id and d.disabled_at is null and 'response.created' = any (d.events)
        )
        group by w.project_id, v.placement_id, v.minute, v.is_late, v.option_no
    ), emitted as (
        select c.*, c.is_late and (
            -- Where the minute has its event, late votes are in another one.
            c.minute < _from or exists (
                select 1 from public.event as e
                where e.account_id = _account_id and e.id = fn.vote_event_id(c.placement_id, c.minute)
            )
        ) as is_another
        from counted as c
    ), minute as (
        select o.project_id, o.placement_id, o.minute, o.is_another, jsonb_object_agg(o.option_no, o.count) as counts
        from (
            select e.project_id, e.placement_id, e.minute, e.is_another, e.option_no, sum(e.count) as count
            from emitted as e
            group by e.project_id, e.placement_id, e.minute, e.is_another, e.option_no
        ) as o
        group by o.project_id, o.placement_id, o.minute, o.is_another
    )
    select array_agg(case when not m.is_another then fn.vote_event_id(m.placement_id, m.minute) end),
        array_agg(m.project_id), array_agg(m.minute),
        array_agg(jsonb_build_object('placementId', m.placement_id, 'minute', m.minute, 'counts', m.counts))
    into _ids, _project_ids, _starts, _data
    from minute as m;
    with emitted as (
        insert into public.event (account_id, id, project_id, type, data, created_at)
        select _account_id, coalesce(i.id, fn.uuid_v7(i.minute + interval '1 minute')), i.project_id, 'response.created',
            i.data, i.minute + interval '1 minute'
        from unnest(_ids, _project_ids, _starts, _data) as i (id, project_id, minute, data)
        on conflict (account_id, id) do nothing
        returning id
    )
    select count(*) into _emitted from emitted;  -- Citus counts those that were there, too, as rows
    if _emitted > 0 then
        perform pg_notify('event', '');
    end if;
    return _emitted;
end;
$$;

comment on function fn.emit_votes is
'Makes events of the votes of an account in the minutes that are over (fn.vote_accounts), where a destination takes them: one a placement and
minute, however often it is called. Votes that were stored late make another one. Returns how many.';
