-- Called by jobs as installation.
create function fn.claim_delivery(_now timestamptz default now())
returns table (
    account_id uuid, id uuid, destination_id uuid, attempt integer, type text, url text, secrets bytea[], message_id text,
    payload text
)
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    _due record;
    _destination public.destination;
    _delivery public.delivery;
    _payload jsonb;
    _quiet tstzrange;
    _claimed_until timestamptz;
begin
    -- Several, because other workers may have locked the first, or all that it had was deleted.
    for _due in
        select d.account_id, d.id from public.destination as d where d.due_at <= _now order by d.due_at limit 100
    loop
        loop
            select * into _destination from public.destination as d
            where d.account_id = _due.account_id and d.id = _due.id and d.due_at <= _now
            for update skip locked;
            exit when not found;
            if _destination.quiet_from is not null then
                select fn.quiet_hours(_destination, p.time_zone, _now) into _quiet from public.project as p
                where p.account_id = _due.account_id and p.id = _destination.project_id;
                -- What was due before them is late. In them only that is due which a member has just sent.
                update public.delivery as v set next_at = upper(_quiet)
                where v.account_id = _due.account_id and v.destination_id = _due.id and v.done_at is null
                    and v.next_at < lower(_quiet);
            end if;
            select * into _delivery from public.delivery as v
            where v.account_id = _due.account_id and v.destination_id = _due.id and v.done_at is null and v.next_at <= _now
            order by v.next_at, v.id
            limit 1;
            if not found then
                update public.destination as d set claimed_until = null
                where d.account_id = _due.account_id and d.id = _due.id;
                perform fn.schedule_destination(_due.account_id, _due.id, _now);
                exit;
            end if;
            _payload := fn.delivery_payload(_delivery, _now);
            if _payload is null then
                -- All of it was deleted meanwhile.
                update public.delivery as v set done_at = _now, outcome = 'dropped'
                where v.account_id = _due.account_id and v.id = _delivery.id;
                perform fn.schedule_destination(_due.account_id, _due.id, _now);
                continue;
            end if;
            update public.delivery as v set attempts = v.attempts + 1, attempted_at = _now
            where v.account_id = _due.account_id and v.id = _delivery.id;
            -- Longer than an attempt can take: 10 seconds, and the database's answer. With Apprise, 30 more to start a process,
            -- and of ten attempts two are made at once.
            _claimed_until := _now
                + case when _destination.type = 'apprise' then interval '5 minutes' else interval '1 minute' end;
            update public.destination as d set claimed_until = _claimed_until, due_at = _claimed_until
            where d.account_id = _due.account_id and d.id = _due.id;
            return query
            select _due.account_id, _delivery.id, _destination.id, _delivery.attempts + 1, _destination.type,
                _destination.url, array_remove(array[
                    _destination.secret, case when _destination.previous_until > _now then _destination.previous_secret end
                ], null),
                _payload ->> 'id', _payload::text;
            return;
        end loop;
    end loop;
end;
$$;

comment on function fn.claim_delivery is
'Claims the next due delivery of the destination that has waited longest, for a minute, or five with Apprise; no row if none is due. A destination has one
delivery in progress, so that one that is slow or dead delays no other. The attempt is a fencing token: fn.mark_delivery refuses older ones.
Deliveries of which everything was deleted are dropped, and those that are late wait for the end of quiet hours.';
