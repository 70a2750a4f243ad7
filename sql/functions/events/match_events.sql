-- Called by jobs as installation.
create function fn.match_events(_now timestamptz default now(), _limit integer default 200) returns integer
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    _account_id uuid;
    _event public.event;
    _destination public.destination;
    _zone text;
    _matched integer;
    _digest_id uuid;
    _at timestamptz;
begin
    -- One at a time: two would begin two digests.
    if not pg_try_advisory_xact_lock(hashtext('fn.match_events')) then
        return 0;
    end if;
    -- A transaction is of one account.
    select t.account_id into _account_id from (
        (select r.account_id, r.due_at from public.event_response as r where r.due_at <= _now order by r.due_at limit 1)
        union all
        (select e.account_id, e.created_at from public.event as e where e.matched_at is null order by e.created_at limit 1)
    ) as t
    order by t.due_at
    limit 1;
    if not found then
        return 0;
    end if;
    _matched := fn.close_event_responses(_account_id, _now, _limit);
    for _event in
        select * from public.event as e
        where e.account_id = _account_id and e.matched_at is null
        order by e.created_at, e.id
        limit _limit
        for update skip locked
    loop
        _matched := _matched + 1;
        update public.event as e set matched_at = _now where e.account_id = _account_id and e.id = _event.id;
        select p.time_zone into _zone from public.project as p
        where p.account_id = _account_id and p.id = _event.project_id;
        for _destination in
            select * from public.destination as d
            where d.account_id = _account_id and d.project_id = _event.project_id and d.disabled_at is null
            order by d.id
            for update
        loop
            continue when not fn.is_event_match(_destination, _event);
            _digest_id := null;
            _at := fn.delivery_at(_destination, _zone, _now);
            if _at > _now then
                -- One that no worker has tried yet, and whose time has not come.
                select v.id into _digest_id from public.delivery as v
                where v.account_id = _account_id and v.destination_id = _destination.id and v.done_at is null
                    and v.is_digest and v.attempts = 0 and v.next_at > _now and cardinality(v.event_ids) < 1000
                limit 1;
            end if;
            if _digest_id is not null then
                update public.delivery as v set event_ids = v.event_ids || _event.id
                where v.account_id = _account_id and v.id = _digest_id;
                continue;
            end if;
            perform fn.add_delivery(_destination, array[_event.id], _at, _now);
        end loop;
    end loop;
    return _matched;
end;
$$;

comment on function fn.match_events is
'Creates the deliveries of the events of the account whose events have waited longest to the destinations that take them, or adds the
events to digests; first it makes events of the messages that were stored. Returns how many it has dealt with, 0 also while another worker
does it.';
